"""A document taken apart for the rules: its pipelines, their tasks, and the containers of all tasks.

Parts hold the decoded document, in its own version. What several rules ask for is found when first asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from holkas.model.path import DocumentPath
from holkas.records import dataclass

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.lint.rules.uses import Use, results_read, texts_in, uses_in
from holkas_compat.tekton.unit import Unit

Spec = Mapping[str, Any]
_TASK_SPEC = frozenset(("taskSpec",))


@dataclass(kw_only=True)
class ContainerPart:
    """A step, a sidecar, a step template or a StepAction's own container.

    field: ``steps``, ``sidecars``, ``stepTemplate`` or ``spec`` (of a StepAction). label: as a message calls it.
    """

    spec: Spec
    path: DocumentPath
    field: str
    label: str
    task: TaskPart | None = None

    @cached_property
    def marked(self) -> list[tuple[str, DocumentPath]]:
        """The texts in which something like a variable stands, with their places."""
        return [
            (found, path) for found, path in texts_in(self.spec, self.path) if "$" in found or "{{" in found
        ]

    @property
    def script(self) -> str:
        """The script, empty where there is none."""
        return text(self.spec.get("script"))


@dataclass(kw_only=True)
class TaskPart:
    """The spec of a task. pipeline: the one in which it is embedded. written: kept by ``writes.written_workspaces``."""

    spec: Spec
    path: DocumentPath
    name: str
    label: str
    document: DocumentPart
    pipeline: PipelinePart | None = None
    written: frozenset[str] | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """The kind of the document in which it stands."""
        return self.document.unit.kind

    @cached_property
    def uses(self) -> list[Use]:
        """All references in the spec."""
        return uses_in(self.spec, self.path)

    @cached_property
    def containers(self) -> list[ContainerPart]:
        """The step template, the steps and the sidecars."""
        found = []
        template = self.spec.get("stepTemplate")
        if template is not None:
            place = (*self.path, "stepTemplate")
            found.append(
                ContainerPart(
                    spec=record(template),
                    path=place,
                    field="stepTemplate",
                    label="the step template",
                    task=self,
                )
            )
        for key, noun in (("steps", "step"), ("sidecars", "sidecar")):
            for index, spec in enumerate(records(self.spec.get(key))):
                name = name_of(spec)
                label = f'{noun} "{name}"' if name else f"{noun} {index + 1}"
                place = (*self.path, key, index)
                found.append(ContainerPart(spec=spec, path=place, field=key, label=label, task=self))
        return found


@dataclass(kw_only=True)
class PipelineTaskPart:
    """A task of a pipeline. final: it stands under ``finally``. task: the spec embedded in it."""

    spec: Spec
    path: DocumentPath
    name: str
    final: bool
    index: int
    task: TaskPart | None = None

    @cached_property
    def uses(self) -> list[Use]:
        """All references, those of the embedded spec included."""
        if self.task is None:
            return uses_in(self.spec, self.path)
        return uses_in(self.spec, self.path, _TASK_SPEC) + self.task.uses

    @property
    def reference(self) -> str:
        """The name in ``taskRef``, empty where there is none or it does not name a Task of this cluster."""
        ref = record(self.spec.get("taskRef"))
        custom = ref.get("apiVersion") and not text(ref.get("apiVersion")).startswith("tekton.dev/")
        return "" if custom or ref.get("resolver") else name_of(ref)


@dataclass(kw_only=True)
class PipelinePart:
    """The spec of a pipeline. run: the spec of the PipelineRun around it. outer: the pipeline around it."""

    spec: Spec
    path: DocumentPath
    name: str
    label: str
    document: DocumentPart
    run: Spec | None = None
    outer: PipelinePart | None = None
    tasks: list[PipelineTaskPart] = field(default_factory=list)

    @cached_property
    def by_name(self) -> dict[str, PipelineTaskPart]:
        """The tasks by name, the first of each."""
        found: dict[str, PipelineTaskPart] = {}
        for task in self.tasks:
            found.setdefault(task.name, task)
        return found

    @cached_property
    def uses(self) -> list[Use]:
        """All references in the tasks and in the pipeline's own results and defaults."""
        found: list[Use] = []
        for task in self.tasks:
            found += task.uses
        for key in ("params", "results"):
            found += uses_in(self.spec.get(key), (*self.path, key))
        return found

    @cached_property
    def results_read(self) -> set[tuple[str, str]]:
        """Task and result of every reference to a result of one of the tasks."""
        return results_read(self.uses, ("tasks", "finally"))


@dataclass(kw_only=True)
class DocumentPart:
    """A whole document with its pipelines and tasks; those inside others come after these.

    neighbours: the documents that are judged together with it.
    """

    unit: Unit
    object: dict[str, Any]
    neighbours: Neighbours
    pipelines: list[PipelinePart] = field(default_factory=list)
    tasks: list[TaskPart] = field(default_factory=list)
    containers: list[ContainerPart] = field(default_factory=list)

    @property
    def owners(self) -> list[PipelinePart | TaskPart]:
        """All that declares params, results and workspaces."""
        return [*self.pipelines, *self.tasks]

    @property
    def version(self) -> str:
        """``v1``, ``v1beta1`` or ``v1alpha1``."""
        return text(self.object.get("apiVersion")).rpartition("/")[2]


@dataclass
class Neighbours:
    """All documents that are judged together."""

    documents: list[DocumentPart] = field(default_factory=list)

    @cached_property
    def tasks(self) -> dict[str, TaskPart]:
        """The Task documents by name, the first of each."""
        found: dict[str, TaskPart] = {}
        for document in self.documents:
            if document.unit.kind == "Task" and document.tasks:
                found.setdefault(document.unit.name, document.tasks[0])
        return found

    @cached_property
    def users(self) -> dict[str, list[tuple[PipelinePart, PipelineTaskPart]]]:
        """The tasks of pipelines that refer to a Task document, by its name."""
        found: dict[str, list[tuple[PipelinePart, PipelineTaskPart]]] = {}
        for document in self.documents:
            for pipeline in document.pipelines:
                for task in pipeline.tasks:
                    if task.reference:
                        found.setdefault(task.reference, []).append((pipeline, task))
        return found


def take_apart(unit: Unit, obj: dict[str, Any], neighbours: Neighbours) -> DocumentPart:
    """The parts of one decoded document."""
    made = DocumentPart(unit=unit, object=obj, neighbours=neighbours)
    spec = record(obj.get("spec"))
    if unit.kind == "Task":
        _add_task(made, spec, ("spec",), unit.name, f'task "{unit.name}"')
    elif unit.kind == "TaskRun" and spec.get("taskSpec") is not None:
        _add_task(made, record(spec["taskSpec"]), ("spec", "taskSpec"), unit.name, "the run's task")
    elif unit.kind == "StepAction":
        label = f'step action "{unit.name}"'
        made.containers.append(ContainerPart(spec=spec, path=("spec",), field="spec", label=label))
    elif unit.kind == "Pipeline":
        _add_pipeline(made, spec, ("spec",), unit.name, f'pipeline "{unit.name}"')
    elif unit.kind == "PipelineRun" and spec.get("pipelineSpec") is not None:
        inner = record(spec["pipelineSpec"])
        _add_pipeline(made, inner, ("spec", "pipelineSpec"), unit.name, "the run's pipeline", run=spec)
    return made


def _add_task(
    made: DocumentPart,
    spec: Spec,
    path: DocumentPath,
    name: str,
    label: str,
    pipeline: PipelinePart | None = None,
) -> TaskPart:
    part = TaskPart(spec=spec, path=path, name=name, label=label, document=made, pipeline=pipeline)
    made.tasks.append(part)
    made.containers += part.containers
    return part


def _add_pipeline(
    made: DocumentPart,
    spec: Spec,
    path: DocumentPath,
    name: str,
    label: str,
    run: Spec | None = None,
    outer: PipelinePart | None = None,
) -> None:
    part = PipelinePart(spec=spec, path=path, name=name, label=label, document=made, run=run, outer=outer)
    made.pipelines.append(part)
    for task, place, final in _pipeline_tasks(spec, path):
        own = name_of(task)
        found = PipelineTaskPart(spec=task, path=place, name=own, final=final, index=len(part.tasks))
        part.tasks.append(found)
        embedded = task.get("taskSpec")
        if isinstance(embedded, dict) and not embedded.get("apiVersion"):
            found.task = _add_task(made, embedded, (*place, "taskSpec"), own, f'task "{own}"', part)
        if isinstance(task.get("pipelineSpec"), dict):
            inner = (*place, "pipelineSpec")
            _add_pipeline(made, task["pipelineSpec"], inner, own, f'pipeline "{own}"', run, part)


def _pipeline_tasks(spec: Spec, path: DocumentPath) -> Iterator[tuple[Spec, DocumentPath, bool]]:
    for key in ("tasks", "finally"):
        for index, task in enumerate(records(spec.get(key))):
            yield task, (*path, key, index), key == "finally"
