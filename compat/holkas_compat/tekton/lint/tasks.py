"""Params that pipelines pass to their tasks, and steps to their step actions."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.param import Param
from holkas.model.path import DocumentPath
from holkas.model.pipeline import PipelineTask
from holkas.model.run import TaskRun
from holkas.model.step import Step
from holkas.model.task import Task
from holkas.model.value import ValueType

from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.params import Passing, check_params
from holkas_compat.tekton.lint.site import Declared, Site, pipeline_specs, tasks_of
from holkas_compat.tekton.unit import Unit


def check_task_params(site: Site) -> Iterator[Finding]:
    """Params of the pipeline's tasks, matrices included."""
    references = _types(site)
    for task, path in site.tasks():
        declared = site.declared.get(task.name)
        if declared is not None:
            passing = Passing(
                unit=site.unit,
                giver=f'task "{task.name}"' if not declared.embedded else "the pipeline",
                taker=declared.label,
                path=path,
                at=_reference_path(task, path),
                given=task.params,
                specs=declared.params,
                severity=declared.severity,
                extra=None if declared.embedded else Severity.WARNING,
                references=references,
                fanned=_fanned(task, path),
            )
            yield from check_params(passing)


def _types(site: Site) -> dict[str, ValueType]:
    """Types of the pipeline's params and of its tasks' results, by the text of a reference to them.

    A matrix gathers the results of its combinations in arrays, so those of its tasks are left out.
    """
    types = {f"params.{spec.name}": spec.type for spec in site.spec.params}
    matrices = {task.name for task, _ in site.tasks() if task.matrix is not None}
    for name, declared in site.declared.items():
        if name not in matrices:
            types |= {f"tasks.{name}.results.{result.name}": result.type for result in declared.results}
    return types


def _fanned(task: PipelineTask, path: DocumentPath) -> dict[str, DocumentPath]:
    if task.matrix is None:
        return {}
    groups: list[tuple[DocumentPath, tuple[Param, ...]]] = [((*path, "matrix"), task.matrix.params)]
    for index, include in enumerate(task.matrix.include):
        groups.append(((*path, "matrix", "include", index), include.params))
    return {
        param.name: (*place, "params", index)
        for place, params in reversed(groups)
        for index, param in enumerate(params)
    }


def _reference_path(task: PipelineTask, path: DocumentPath) -> DocumentPath:
    if task.ref is not None:
        return (*path, "taskRef", "name")
    return (*path, "pipelineRef", "name") if task.pipeline_ref is not None else (*path, "name")


def check_step_params(unit: Unit, shelf: Shelf) -> Iterator[Finding]:
    """Params of steps that use a step action. Tekton refuses undeclared ones here."""
    for steps, path in _step_lists(unit):
        for index, step in enumerate(steps):
            action = None if step.ref is None else shelf.catalog.step_actions.get(step.ref.name)
            if action is None:
                continue
            place = (*path, "steps", index)
            taker = Declared(f'step action "{action.name}"', action.params, (), (), False)
            passing = Passing(
                unit=unit,
                giver=f'step "{step.name}"' if step.name else f"step {index + 1}",
                taker=taker.label,
                path=place,
                at=(*place, "ref", "name"),
                given=step.params,
                specs=action.params,
                extra=Severity.ERROR,
            )
            yield from check_params(passing)


def _step_lists(unit: Unit) -> Iterator[tuple[tuple[Step, ...], DocumentPath]]:
    if isinstance(unit.noun, Task):
        yield unit.noun.spec.steps, ("spec",)
    elif isinstance(unit.noun, TaskRun) and unit.noun.spec is not None:
        yield unit.noun.spec.steps, ("spec", "taskSpec")
    for spec, path in pipeline_specs(unit):
        for task, task_path in tasks_of(spec, path):
            if task.task_spec is not None:
                yield task.task_spec.steps, (*task_path, "taskSpec")
