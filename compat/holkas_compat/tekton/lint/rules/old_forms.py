"""T702 and T704: what Tekton or its owner wants to be rid of."""

from __future__ import annotations

import re

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import record
from holkas_compat.tekton.lint.rules.parts import DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

MARK = "tekton.dev/deprecated"
_OLD = re.compile(r"\$\(inputs\.params(\.[\w.-]+(?:\[(?:\d+|\*)\])?|\[[^()]*\])\)")


def _is_marked(part: DocumentPart) -> str:
    """Where a document is marked: ``labels``, ``annotations`` or nothing."""
    metadata = record(part.object.get("metadata"))
    for key in ("labels", "annotations"):
        if record(metadata.get(key)).get(MARK) in ("true", True):
            return key
    return ""


def _marked(part: DocumentPart) -> Hits:
    if key := _is_marked(part):
        yield Hit(
            f'{part.unit.kind} "{part.unit.name}" is marked as deprecated',
            ("metadata", key, MARK),
            on_key=True,
        )
    for pipeline in part.pipelines:
        for task in pipeline.tasks:
            known = part.neighbours.tasks.get(task.reference) if task.reference else None
            if known is not None and _is_marked(known.document):
                message = f'task "{task.name}" uses Task "{task.reference}", which is marked as deprecated'
                yield Hit(message, (*task.path, "taskRef", "name"))


def _notation(part: DocumentPart) -> Hits:
    for container in part.containers:
        for value, path in container.marked:
            if "$(inputs.params" in value and (found := _OLD.search(value)):
                message = f"{found[0]} is the notation of v1alpha1"
                fix = (Edit.replace(path, _OLD.sub(r"$(params\1)", value)),)
                yield Hit(message, path, f"write $(params{found[1]})", found[0], fix=fix)


MARKED = Rule(
    code="T702",
    severity=Severity.DEPRECATION,
    doc=CodeDoc(
        "A resource is marked as deprecated",
        'Its owner has put the label (or annotation) `tekton.dev/deprecated: "true"` on it. Its description usually '
        "says what to use in its place.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello, labels: {tekton.dev/deprecated: "true"}}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello, labels: {tekton.dev/deprecated: "false"}}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
""",
    document=_marked,
)

NOTATION = Rule(
    code="T704",
    severity=Severity.DEPRECATION,
    doc=CodeDoc(
        "A variable in the notation of v1alpha1",
        "`$(inputs.params.NAME)` still works in tasks, but nowhere else and undocumented. Write `$(params.NAME)`; "
        "`holkas lint --fix` does.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who}]
  steps: [{name: s, image: "alpine:3.20", args: [$(inputs.params.who)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.who), inputs.params.who]}]
""",
    document=_notation,
)
