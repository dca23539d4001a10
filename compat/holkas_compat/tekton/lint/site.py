"""Where pipelines stand, which tasks they have, and what those tasks declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holkas.model.finding import Severity
from holkas.model.param import ParamSpec, ResultSpec
from holkas.model.path import DocumentPath
from holkas.model.pipeline import Pipeline, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceDeclaration
from holkas.records import dataclass

from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.unit import Unit


@dataclass(frozen=True, slots=True)
class Declared:
    """What a task or pipeline declares. label: how a message calls it. embedded: no document of its own.

    severity: of what does not fit it. Tekton's admission sees a document with all that is embedded in it and still
    accepts it, so such a finding is a warning: holkas refuses no document that Tekton accepts. Between documents
    it is an error.
    """

    label: str
    params: tuple[ParamSpec, ...]
    results: tuple[ResultSpec, ...]
    workspaces: tuple[WorkspaceDeclaration, ...]
    embedded: bool

    @property
    def severity(self) -> Severity:
        """How much a misfit weighs."""
        return Severity.WARNING if self.embedded else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Site:
    """The spec of one pipeline, at ``path`` in a document.

    declared: by pipeline task, for those whose task is known.
    """

    unit: Unit
    path: DocumentPath
    spec: PipelineSpec
    declared: Mapping[str, Declared]

    def tasks(self) -> Iterator[tuple[PipelineTask, DocumentPath]]:
        """All tasks with their places."""
        return tasks_of(self.spec, self.path)


def tasks_of(spec: PipelineSpec, path: DocumentPath) -> Iterator[tuple[PipelineTask, DocumentPath]]:
    """The tasks of a pipeline with their places, those of ``finally`` last."""
    for index, task in enumerate(spec.tasks):
        yield task, (*path, "tasks", index)
    for index, task in enumerate(spec.finally_):
        yield task, (*path, "finally", index)


def sites(unit: Unit, shelf: Shelf) -> Iterator[Site]:
    """The pipelines in a document, pipelines in pipelines too."""
    for spec, path in pipeline_specs(unit):
        declared = {}
        for task, _ in tasks_of(spec, path):
            found = declared_by(task, shelf)
            if found is not None:
                declared[task.name] = found
        yield Site(unit, path, spec, declared)


def pipeline_specs(unit: Unit) -> Iterator[tuple[PipelineSpec, DocumentPath]]:
    """The specs of pipelines in a document with their places."""
    noun = unit.noun
    if isinstance(noun, Pipeline):
        yield from _with_nested(noun.spec, ("spec",))
    elif isinstance(noun, PipelineRun) and noun.spec is not None:
        yield from _with_nested(noun.spec, ("spec", "pipelineSpec"))


def _with_nested(spec: PipelineSpec, path: DocumentPath) -> Iterator[tuple[PipelineSpec, DocumentPath]]:
    yield spec, path
    for task, task_path in tasks_of(spec, path):
        if task.pipeline_spec is not None:
            yield from _with_nested(task.pipeline_spec, (*task_path, "pipelineSpec"))


def declared_by(task: PipelineTask, shelf: Shelf) -> Declared | None:
    """What a pipeline task's task or pipeline declares; None where that cannot be known."""
    if task.task_spec is not None:
        return _declared(f'task "{task.name}"', task.task_spec, True)
    if task.pipeline_spec is not None:
        return _declared(f'pipeline "{task.name}"', task.pipeline_spec, True)
    if task.pipeline_ref is not None:
        return pipeline_declares(task.pipeline_ref, shelf)
    return None if task.ref is None else task_declares(task.ref, shelf)


def task_declares(ref: Reference, shelf: Shelf) -> Declared | None:
    """What the task that a reference names declares; None where it is unknown."""
    found = None if ref.is_custom else shelf.catalog.tasks.get(ref.key)
    return None if found is None else _declared(f'task "{found.name}"', found.spec, False)


def pipeline_declares(ref: Reference, shelf: Shelf) -> Declared | None:
    """What the pipeline that a reference names declares; None where it is unknown."""
    found = shelf.catalog.pipelines.get(ref.key)
    return None if found is None else _declared(f'pipeline "{found.name}"', found.spec, False)


def embedded(spec: TaskSpec | PipelineSpec, label: str) -> Declared:
    """What an embedded spec declares."""
    return _declared(label, spec, True)


def _declared(label: str, spec: TaskSpec | PipelineSpec, embedded: bool) -> Declared:
    return Declared(label, spec.params, spec.results, spec.workspaces, embedded)
