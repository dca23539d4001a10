"""References: every place where a document names another one, and whether that one is there."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.path import DocumentPath
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.step import Step, StepAction
from holkas.model.task import Task
from holkas.records import dataclass

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.codes import UNKNOWN_REFERENCE
from holkas_compat.tekton.lint.site import pipeline_specs, tasks_of
from holkas_compat.tekton.unit import Unit

_NOUNS = {"Task": "task", "Pipeline": "pipeline", "StepAction": "step action"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference at ``path`` to a document of ``kind``."""

    kind: str
    ref: Reference
    path: DocumentPath


def mentions(unit: Unit) -> Iterator[Mention]:
    """All references in a document."""
    noun = unit.noun
    if isinstance(noun, Task):
        yield from _steps(noun.spec.steps, ("spec",))
    elif isinstance(noun, TaskRun):
        if noun.ref is not None:
            yield Mention("Task", noun.ref, ("spec", "taskRef"))
        if noun.spec is not None:
            yield from _steps(noun.spec.steps, ("spec", "taskSpec"))
    elif isinstance(noun, PipelineRun) and noun.ref is not None:
        yield Mention("Pipeline", noun.ref, ("spec", "pipelineRef"))
    elif isinstance(noun, StepAction):
        return
    for spec, path in pipeline_specs(unit):
        for task, task_path in tasks_of(spec, path):
            if task.ref is not None:
                yield Mention("Task", task.ref, (*task_path, "taskRef"))
            if task.pipeline_ref is not None:
                yield Mention("Pipeline", task.pipeline_ref, (*task_path, "pipelineRef"))
            if task.task_spec is not None:
                yield from _steps(task.task_spec.steps, (*task_path, "taskSpec"))


def _steps(steps: tuple[Step, ...], path: DocumentPath) -> Iterator[Mention]:
    for index, step in enumerate(steps):
        if step.ref is not None:
            yield Mention("StepAction", step.ref, (*path, "steps", index, "ref"))


def is_missing(mention: Mention, shelf: Shelf) -> bool:
    """Whether a reference by name leads nowhere. Names with variables are not judged."""
    ref = mention.ref
    if not ref.name or ref.resolver or ref.is_custom or "$(" in ref.name:
        return False
    return (mention.kind, ref.name) not in shelf.units


def missing(unit: Unit, mention: Mention, shelf: Shelf, severity: Severity) -> Finding:
    """The finding for a reference that leads nowhere."""
    noun, name = _NOUNS[mention.kind], mention.ref.name
    known = shelf.names(mention.kind)
    hint = did_you_mean(name, known) or (f"there are {', '.join(known[:8])}" if known else "")
    message = f'{noun} "{name}" is not among these documents'
    path = (*mention.path, "name")
    return unit.finding(UNKNOWN_REFERENCE, message, path, severity=severity, hint=hint)


def check_references(unit: Unit, shelf: Shelf, *, has_run: bool) -> Iterator[Finding]:
    """References that lead nowhere.

    has_run: whether the file has a run. Without one it may be a part of something larger, whose other parts are on
    the cluster: then a missing document is a warning, and where none of its kind is given at all, a mere habit.
    """
    for mention in mentions(unit):
        if not is_missing(mention, shelf):
            continue
        known = shelf.names(mention.kind)
        others = len(known) > (unit.kind == mention.kind)
        severity = Severity.WARNING if others or has_run else Severity.HABIT
        if others and has_run:
            severity = Severity.ERROR
        yield missing(unit, mention, shelf, severity)
