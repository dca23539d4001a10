"""T604: tasks that write one workspace at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath
from holkas.records import dataclass

from holkas_compat.manifest.shape import name_of, records, text
from holkas_compat.tekton.lint.rules.order import ancestors
from holkas_compat.tekton.lint.rules.parts import PipelinePart, PipelineTaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.writes import written_workspaces


@dataclass(frozen=True, slots=True)
class Writer:
    """A task that writes into ``sub_path`` of a pipeline's workspace."""

    task: PipelineTaskPart
    workspace: str
    sub_path: str
    path: DocumentPath


def _pipeline(part: PipelinePart) -> Hits:
    if not any(task.spec.get("workspaces") or task.task is not None for task in part.tasks):
        return
    writers: dict[tuple[str, str], list[Writer]] = {}
    for task in part.tasks:
        for writer in _writers(part, task):
            writers.setdefault((writer.workspace, writer.sub_path), []).append(writer)
    before: list[int] | None = None
    for (workspace, _), several in writers.items():
        earlier = 0
        for writer in several:
            index = writer.task.index
            if writer.task.spec.get("matrix"):
                message = f'the runs of task "{writer.task.name}" write into workspace "{workspace}" at the same time'
                yield Hit(message, writer.path, "give each its own subPath, or do without the matrix")
            elif earlier:
                before = before if before is not None else ancestors(part)
                # Order in the file says nothing: an earlier task may wait for this one.
                rest = earlier & ~before[index]
                other = _unordered(part, rest, index, before)
                if other is not None:
                    message = (
                        f'tasks "{part.tasks[other].name}" and "{writer.task.name}" write into workspace '
                        f'"{workspace}" and may run at the same time'
                    )
                    yield Hit(message, writer.path, "order them with runAfter, or give each its own subPath")
            earlier |= 1 << index


def _unordered(part: PipelinePart, rest: int, index: int, before: list[int]) -> int | None:
    """The first of these tasks that does not wait for this one."""
    while rest:
        other = (rest & -rest).bit_length() - 1
        if not before[other] >> index & 1:
            return other
        rest &= rest - 1
    return None


def _writers(part: PipelinePart, task: PipelineTaskPart) -> Iterator[Writer]:
    inner = task.task or part.document.neighbours.tasks.get(task.reference)
    written = written_workspaces(inner) if inner is not None else None
    if not written:
        return
    given = {name_of(item): (index, item) for index, item in enumerate(records(task.spec.get("workspaces")))}
    for name in sorted(written):
        if name in given:
            index, item = given[name]
            workspace = text(item.get("workspace")) or name
            yield Writer(
                task, workspace, text(item.get("subPath")).strip("/"), (*task.path, "workspaces", index)
            )
        elif task.task is not None:
            yield Writer(task, name, "", (*task.path, "name"))


RULE = Rule(
    code="T604",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "Two tasks write into one workspace at the same time",
        "Nothing says which of them comes first, so one may overwrite what the other has written, or find half of it. "
        "Said where the scripts show that both write (redirections, `cp`, `git clone` …), neither waits for the other "
        "and they use the same `subPath`; of a matrix, where its task writes. A workspace that a task only reads can be "
        "declared `readOnly: true`.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  workspaces: [{name: shared}]
  tasks:
  - name: one
    workspaces: [{name: out, workspace: shared}]
    taskSpec: &writer
      workspaces: [{name: out}]
      steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\ndate > $(workspaces.out.path)/stamp"}]
  - name: two
    workspaces: [{name: out, workspace: shared}]
    taskSpec: *writer
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  workspaces: [{name: shared}]
  tasks:
  - name: one
    workspaces: [{name: out, workspace: shared}]
    taskSpec: &writer
      workspaces: [{name: out}]
      steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\ndate > $(workspaces.out.path)/stamp"}]
  - name: two
    workspaces: [{name: out, workspace: shared}]
    runAfter: [one]
    taskSpec: *writer
  - name: three
    workspaces: [{name: out, workspace: shared, subPath: three}]
    taskSpec: *writer
  - name: four
    workspaces: [{name: out, workspace: shared}]
    taskSpec:
      workspaces: [{name: out}]
      steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\ncat $(workspaces.out.path)/stamp"}]
""",
    pipeline=_pipeline,
)
