"""What only tasks under ``finally`` may do, and what they may not; and what the other tasks may not.

Source: Tekton's docs/pipelines.md, "Adding Finally to the Pipeline".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from holkas_compat.manifest.shape import items, name_of, records
from holkas_compat.tekton.validation.expressions import (
    execution_status_task,
    is_result,
    param_expressions,
    result_reference,
    when_expressions,
)
from holkas_compat.tekton.validation.names import did_you_mean
from holkas_compat.tekton.validation.scope import Scope


def task_names(tasks: Any) -> frozenset[str]:
    """The names of tasks of a pipeline."""
    return frozenset(name_of(task) for task in records(tasks))


def expressions_of(task: Mapping[str, Any], scope: Scope) -> Iterator[tuple[Scope, list[str]]]:
    """The expressions in each param and each when expression of a task, with their place."""
    for index, param in enumerate(records(task.get("params"))):
        if found := param_expressions(param):
            yield scope.at("params", index, "value", field=f"params.[{name_of(param)}].value"), found
    for index, when in enumerate(records(task.get("when"))):
        if found := when_expressions(when):
            yield scope.at("when", index), found


def check_no_status(tasks: Any, scope: Scope) -> None:
    """Status and reason of tasks are known only in finally; ``scope`` is that of the list ``tasks``."""
    for index, task in enumerate(records(tasks)):
        for place, found in expressions_of(task, scope.at(index)):
            if any(is_result(item) for item in found):
                continue
            for item in found:
                if execution_status_task(item) is not None:
                    message = f"$({item}) is known only in tasks under finally"
                    place.report("T422", message, "", within=f"$({item})")


def check_finally(tasks: Any, final_tasks: Any, scope: Scope) -> None:
    """The tasks under finally; ``scope`` is that of the pipeline spec."""
    if items(final_tasks) and not items(tasks):
        scope.report("T419", "finally needs tasks before it", "finally", at=("finally",), on_key=True)
    names, final_names = task_names(tasks), task_names(final_tasks)
    for index, task in enumerate(records(final_tasks)):
        here = scope.at("finally", index)
        if items(task.get("runAfter")):
            message = f'"{name_of(task)}" cannot have runAfter: all tasks under finally start together'
            here.report("T420", message, "", at=("runAfter",), on_key=True, hint="remove runAfter")
        for place, found in expressions_of(task, here):
            if any(is_result(item) for item in found):
                _check_results(found, place, names, final_names)
            else:
                _check_status(found, place, names)


def _check_status(found: list[str], place: Scope, names: Collection[str]) -> None:
    for item in found:
        task = execution_status_task(item)
        if task is not None and item != "tasks.status" and task not in names:
            message = f'$({item}): the pipeline has no task "{task}" before finally'
            place.report("T423", message, "", within=f"$({item})", hint=did_you_mean(task, names))


def _check_results(
    found: list[str], place: Scope, names: Collection[str], final_names: Collection[str]
) -> None:
    for item in found:
        reference = result_reference(item)
        if reference is None:
            continue
        task = reference.task
        if task in final_names:
            message = f'$({item}): "{task}" is itself under finally, its results come too late'
            place.report("T421", message, "", within=f"$({item})")
        elif task not in names:
            message = f'$({item}): the pipeline has no task "{task}"'
            place.report("T421", message, "", within=f"$({item})", hint=did_you_mean(task, names))
