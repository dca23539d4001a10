"""docs/reference/errors.md: every code that an error or a finding can carry."""

from __future__ import annotations

from docs._generate.configuration import manager
from docs._generate.markdown import made, table

FAMILIES = {
    "A0": "Argo CD: reading a document",
    "A1": "Argo CD: Applications",
    "A2": "Argo CD: ApplicationSets",
    "A3": "Argo CD: projects",
    "A4": "Argo CD: its configuration",
    "A5": "Argo CD: accepted, but hardly meant",
    "A6": "Argo CD: across documents",
    "A7": "Argo CD: deprecated",
    "A8": "Argo CD: habits",
    "A9": "Argo CD: generating Applications",
    "A": "Argo CD: manifests, projects, ApplicationSets",
    "C": "Configuration",
    "D": "Deliveries",
    "P": "Plugins",
    "R": "Rendering of Applications",
    "S": "State",
    "T0": "Tekton: reading a document",
    "T1": "Tekton: objects, references, features and runs",
    "T2": "Tekton: tasks, steps, sidecars and step actions",
    "T3": "Tekton: params and variables",
    "T4": "Tekton: pipelines",
    "T5": "Tekton: across documents, and what is given to a run",
    "T6": "Tekton: accepted, but hardly meant",
    "T7": "Tekton: deprecated",
    "T8": "Tekton: habits",
    "T9": "Tekton Triggers",
    "U": "Unit tests of tasks",
    "Y": "YAML",
}
"""Beginning of a code → heading."""


def page() -> str:
    """The whole page. Raises ValueError for a code of no family."""
    codes = manager().codes()
    parts = [
        made("the CodeDoc of the code, in the module that gives it"),
        "# Error codes\n",
        "`holkas explain CODE` prints the same on the command line. An error shows the code, the place "
        "(`file:line:column`), the line with what is meant underlined, and a hint:\n",
        "```text\n"
        'error[T507]: task "deploy" uses result "digst" that task "build" does not declare\n'
        "   --> pipeline.yaml:18:18\n```\n",
    ]
    left = set(codes)
    for prefix, title in FAMILIES.items():
        chosen = sorted(code for code in codes if code.startswith(prefix))
        left -= set(chosen)
        if not chosen:
            continue
        rows = [(f"`{code}`", codes[code].title, codes[code].text) for code in chosen]
        parts += [f"## {title}\n", table(("code", "what it is", "why, and what to do"), rows)]
    if left:
        raise ValueError(f"codes of no family: {', '.join(sorted(left))}")
    return "\n".join(parts)
