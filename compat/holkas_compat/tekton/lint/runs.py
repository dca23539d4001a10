"""Runs, against what they run."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.pipeline import PipelineSpec
from holkas.model.run import PipelineRun, Run, TaskRun

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.codes import MISSING_WORKSPACE, UNDECLARED_WORKSPACE, UNKNOWN_TASK_RUN_SPEC
from holkas_compat.tekton.lint.declared import run_declares
from holkas_compat.tekton.lint.params import Passing, check_params
from holkas_compat.tekton.lint.site import Declared
from holkas_compat.tekton.unit import Unit


def pipeline_spec_of(run: PipelineRun, shelf: Shelf) -> PipelineSpec | None:
    """The pipeline of a run, where it is known."""
    if run.spec is not None or run.ref is None:
        return run.spec
    found = shelf.catalog.pipelines.get(run.ref.key)
    return None if found is None else found.spec


def check_run(unit: Unit, shelf: Shelf) -> Iterator[Finding]:
    """Params, workspaces and taskRunSpecs of a run."""
    run = unit.noun
    if not isinstance(run, TaskRun | PipelineRun):
        return
    declared = run_declares(run, shelf)
    if declared is not None:
        yield from check_params(
            Passing(
                unit=unit,
                giver="the run",
                taker=declared.label,
                path=("spec",),
                at=_reference_path(run),
                given=run.params,
                specs=declared.params,
                severity=declared.severity,
            )
        )
        yield from _workspaces(unit, run, declared)
    if isinstance(run, PipelineRun):
        yield from _task_run_specs(unit, run, shelf)


def _reference_path(run: Run) -> tuple[str, ...]:
    if run.ref is not None:
        return ("spec", "taskRef" if isinstance(run, TaskRun) else "pipelineRef", "name")
    return ("spec", "params")


def _workspaces(unit: Unit, run: Run, declared: Declared) -> Iterator[Finding]:
    """A PipelineRun may bind more than its pipeline declares, a TaskRun by reference may not."""
    names = [workspace.name for workspace in declared.workspaces]
    given = {binding.name for binding in run.workspaces}
    for needed in declared.workspaces:
        if not needed.optional and needed.name not in given:
            message = f'the run does not bind workspace "{needed.name}", which {declared.label} requires'
            yield unit.finding(MISSING_WORKSPACE, message, _reference_path(run), severity=declared.severity)
    if isinstance(run, TaskRun) and not declared.embedded:
        for index, binding in enumerate(run.workspaces):
            if binding.name not in names:
                message = f'{declared.label} does not declare workspace "{binding.name}"'
                place = ("spec", "workspaces", index, "name")
                hint = did_you_mean(binding.name, names)
                yield unit.finding(UNDECLARED_WORKSPACE, message, place, hint=hint)


def _task_run_specs(unit: Unit, run: PipelineRun, shelf: Shelf) -> Iterator[Finding]:
    spec = pipeline_spec_of(run, shelf)
    if spec is None:
        return
    names = {task.name for task in (*spec.tasks, *spec.finally_)}
    severity = Severity.ERROR if run.spec is None else Severity.WARNING
    for index, settings in enumerate(run.task_settings):
        if settings.pipeline_task not in names:
            message = f'taskRunSpecs names task "{settings.pipeline_task}", which the pipeline does not have'
            place = ("spec", "taskRunSpecs", index, "pipelineTaskName")
            hint = did_you_mean(settings.pipeline_task, names)
            yield unit.finding(UNKNOWN_TASK_RUN_SPEC, message, place, severity=severity, hint=hint)
