"""The tasks of a pipeline, one by one.

Source: Tekton's docs/pipelines.md, "Adding Tasks to the Pipeline", "Using Custom Tasks", "Using the onError
field".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas_compat.manifest.shape import items, name_of, record, records, text
from holkas_compat.tekton.validation.gates import refuse_inline_spec, refuse_resources, require_level
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.names import LABEL_RULE, is_label
from holkas_compat.tekton.validation.references import check_reference
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.steps import ON_ERROR, PARAM_START
from holkas_compat.tekton.validation.task import check_task_spec

SPECS = ("taskRef", "taskSpec", "pipelineRef", "pipelineSpec")
_TASK_KINDS = ("", "Task")


CheckSpec = Callable[[Mapping[str, Any], Scope], None]


def check_tasks(tasks: Any, scope: Scope, names: set[str], check_nested: CheckSpec) -> None:
    """All tasks under ``tasks`` or ``finally``; ``names`` collects their names over both.

    check_nested: judges the spec of a pipeline that stands in place of a task.
    """
    for index, task in enumerate(records(tasks)):
        here = scope.at(index)
        name = name_of(task)
        at = ("name",) if name else ()
        if not is_label(name):
            here.report("T402", f'"{name}" is not a valid name of a task', "name", at=at, hint=LABEL_RULE)
        if name in names:
            here.report("T403", f'there is more than one task "{name}"', "name", at=at)
        names.add(name)
        _check_task(task, here, check_nested)


def _check_task(task: Mapping[str, Any], scope: Scope, check_nested: CheckSpec) -> None:
    _check_one_spec(task, scope)
    for key in ("taskSpec", "pipelineSpec"):
        if task.get(key) is not None:
            refuse_inline_spec(scope, "pipeline", key)
    refuse_resources(task.get("resources") is not None, scope)
    _check_embedded(task, scope)
    _check_on_error(task, scope)
    if _is_custom(task):
        _check_levels_of_custom(record(task.get("taskRef")), scope)
        for key in ("taskRef", "taskSpec"):
            if task.get(key) is not None:
                _check_custom(record(task[key]), scope.at(key))
        return
    if task.get("taskSpec") is not None:
        check_task_spec(record(task["taskSpec"]), scope.at("taskSpec"))
    for key in ("taskRef", "pipelineRef"):
        if task.get(key) is not None:
            check_reference(task[key], scope.at(key))
    if task.get("pipelineSpec") is not None:
        check_nested(record(task["pipelineSpec"]), scope.at("pipelineSpec"))


def _check_one_spec(task: Mapping[str, Any], scope: Scope) -> None:
    given = [key for key in SPECS if task.get(key) is not None]
    for key in ("pipelineRef", "pipelineSpec"):
        if key in given:
            require_level(scope, Level.ALPHA, f"{key} of a task", key)
    if len(given) > 1:
        message = f'the task "{name_of(task)}" has {" and ".join(given)}; only one is possible'
        scope.report("T404", message, *given, at=(given[-1],), on_key=True)
    elif not given:
        wanted = SPECS if scope.flags.level is Level.ALPHA else SPECS[:2]
        message = f'the task "{name_of(task)}" does not say what to run'
        scope.report("T405", message, *wanted, hint=f"add one of {', '.join(wanted)}")


def _check_embedded(task: Mapping[str, Any], scope: Scope) -> None:
    spec = record(task.get("taskSpec"))
    if not items(spec.get("steps")):
        return
    for key in ("apiVersion", "kind"):
        if text(spec.get(key)):
            message = f"{key} in a taskSpec means a custom task, which has no steps"
            hint = f"remove {key}, or the steps"
            scope.report("T406", message, f"taskSpec.{key}", at=("taskSpec", key), on_key=True, hint=hint)


def _check_on_error(task: Mapping[str, Any], scope: Scope) -> None:
    on_error = text(task.get("onError"))
    if not on_error or on_error.startswith(PARAM_START):
        return
    require_level(scope, Level.BETA, "onError of a task", "onError")
    if on_error not in ON_ERROR:
        hint = f"use {' or '.join(ON_ERROR)}"
        scope.report("T408", f'onError cannot be "{on_error}"', "OnError", at=("onError",), hint=hint)
    retries = task.get("retries")
    if on_error == "continue" and isinstance(retries, int) and retries > 0:
        message = "onError: continue and retries exclude each other"
        scope.report("T409", message, at=("onError",), hint="remove one of them")


def _is_custom(task: Mapping[str, Any]) -> bool:
    for key in ("taskRef", "taskSpec"):
        spec = record(task.get(key))
        if text(spec.get("kind")) not in _TASK_KINDS or text(spec.get("apiVersion")):
            return True
    return False


def _check_levels_of_custom(ref: Mapping[str, Any], scope: Scope) -> None:
    """What a custom task's reference says beside the kind is not judged, only the level that it needs."""
    if text(ref.get("resolver")):
        require_level(scope, Level.BETA, "resolver", "taskRef", "resolver")
    if items(ref.get("params")):
        require_level(scope, Level.BETA, "params of a resolver", "taskRef", "params")


def _check_custom(spec: Mapping[str, Any], scope: Scope) -> None:
    version = text(spec.get("apiVersion"))
    if not text(spec.get("kind")):
        scope.report("T407", "a custom task needs a kind", "kind", hint="set apiVersion and kind, or neither")
    if not version:
        scope.report(
            "T407",
            "a custom task needs an apiVersion",
            "apiVersion",
            hint="set apiVersion and kind, or neither",
        )
    elif len(parts := version.split("/")) != 2 or not all(parts):
        message = f'"{version}" is not the apiVersion of a custom task'
        scope.report("T407", message, "apiVersion", at=("apiVersion",), hint="the form is group/version")
