"""T603: workspaces that are declared and not used."""

from __future__ import annotations

from collections.abc import Iterable

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, records, text
from holkas_compat.tekton.lint.rules.parts import PipelinePart, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.uses import Use, texts_in

_SHARED_FOLDER = "/workspace/"


def used_workspaces(uses: Iterable[Use]) -> set[str]:
    """Names of all workspaces that variables refer to."""
    return {
        use.reference.names[0] for use in uses if use.reference.scope == "workspaces" and use.reference.names
    }


def _task(part: TaskPart) -> Hits:
    declared = records(part.spec.get("workspaces"))
    if not declared:
        return
    used = used_workspaces(part.uses)
    for container in part.containers:
        used.update(name_of(usage) for usage in records(container.spec.get("workspaces")))
    left = [
        (index, item) for index, item in enumerate(declared) if name_of(item) and name_of(item) not in used
    ]
    if not left:
        return
    if any(container.spec.get("ref") for container in part.containers):
        return  # a step action may look into any workspace of its task
    texts = [found for container in part.containers for found, _ in texts_in(container.spec, ())]
    for index, item in left:
        name = name_of(item)
        if item.get("mountPath"):
            continue  # put where a program looks for it by itself
        mount = _SHARED_FOLDER + name
        if not any(mount in found or f"./{name}" in found for found in texts):
            message = f'{part.label} declares workspace "{name}", which no step uses'
            hint = f"use $(workspaces.{name}.path), or remove it"
            yield Hit(message, (*part.path, "workspaces", index, "name"), hint=hint)


def _pipeline(part: PipelinePart) -> Hits:
    declared = records(part.spec.get("workspaces"))
    if not declared:
        return
    used = used_workspaces(part.uses)
    for task in part.tasks:
        for given in records(task.spec.get("workspaces")):
            used.add(text(given.get("workspace")) or name_of(given))
        inner = task.task.spec if task.task is not None else task.spec.get("pipelineSpec") or {}
        # An embedded task gets a workspace of the same name without being told.
        used.update(name_of(item) for item in records(inner.get("workspaces")))
    for index, item in enumerate(declared):
        name = name_of(item)
        if name and name not in used:
            message = f'{part.label} declares workspace "{name}", which no task uses'
            yield Hit(
                message, (*part.path, "workspaces", index, "name"), hint="give it to a task, or remove it"
            )


RULE = Rule(
    code="T603",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A workspace that nobody uses",
        "Every run must bind a workspace that is declared without `optional: true`, so one that nothing reads or "
        "writes is only a burden. A workspace counts as used where a variable names it, where its folder is "
        "written out, where it has a `mountPath` of its own, and where a step or an embedded task asks for it.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  workspaces: [{name: source}, {name: cache}]
  steps: [{name: make, image: "gcc:14", workingDir: $(workspaces.source.path), command: [make]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  workspaces: [{name: source}, {name: cache}]
  steps: [{name: make, image: "gcc:14", workingDir: /workspace/source, command: [make, $(workspaces.cache.path)]}]
""",
    task=_task,
    pipeline=_pipeline,
)
