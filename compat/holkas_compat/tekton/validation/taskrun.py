"""TaskRuns.

Source: Tekton's docs/taskruns.md, and docs/debug.md for breakpoints.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import record, text, texts
from holkas_compat.tekton.validation.gates import refuse_inline_spec, refuse_resources, require_level
from holkas_compat.tekton.validation.given_params import check_given
from holkas_compat.tekton.validation.inline import check_inline_task
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.references import check_reference
from holkas_compat.tekton.validation.runs import (
    check_overrides,
    check_ref_or_spec,
    check_started,
    check_timeout,
)
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.task import check_task_spec
from holkas_compat.tekton.validation.workspaces import check_bindings

STATUSES = ("TaskRunCancelled", "TaskRunPending")


def check_task_run(obj: dict[str, Any], scope: Scope) -> None:
    """A TaskRun."""
    check_metadata(obj, scope)
    check_started(obj, scope, "TaskRunPending")
    spec, here = record(obj.get("spec")), scope.at("spec")
    check_ref_or_spec(spec, here, "taskRef", "taskSpec")
    if spec.get("taskRef") is not None:
        check_reference(spec["taskRef"], here.at("taskRef"))
    if spec.get("taskSpec") is not None:
        refuse_inline_spec(here, "taskrun", "taskSpec")
        check_task_spec(record(spec["taskSpec"]), here.at("taskSpec"))
    check_given(spec.get("params"), here.at("params"))
    check_inline_task(spec, here)
    check_bindings(spec.get("workspaces"), here.at("workspaces"))
    if spec.get("debug") is not None:
        require_level(here, Level.ALPHA, "debug", "debug")
        _check_breakpoints(record(spec["debug"]), here.at("debug"))
    check_overrides(spec, here)
    check_status(spec, here, STATUSES)
    check_timeout(spec.get("timeout"), here, "timeout")
    refuse_resources(spec.get("resources") is not None, here)


def check_status(spec: Any, scope: Scope, allowed: tuple[str, ...]) -> None:
    """The status that a user asks for, and the reason given for it.

    ``allowed`` is empty where anything goes.
    """
    status = text(spec.get("status"))
    if status and allowed and status not in allowed:
        message = f'the status "{status}" cannot be asked for'
        scope.report("T109", message, "status", at=("status",), hint=f"use {' or '.join(allowed)}")
    if not status and text(spec.get("statusMessage")):
        hint = "remove it, or set the status that it explains"
        scope.report(
            "T112",
            "statusMessage without status",
            "statusMessage",
            at=("statusMessage",),
            on_key=True,
            hint=hint,
        )


def _check_breakpoints(debug: Any, scope: Scope) -> None:
    if debug.get("breakpoints") is None:
        return
    points = record(debug["breakpoints"])
    on_failure = text(points.get("onFailure"))
    if on_failure != "enabled":
        message = f'the breakpoint onFailure cannot be "{on_failure}"'
        at = ("breakpoints",)
        scope.report("T109", message, "breakpoints.onFailure", at=at, hint="the only value is enabled")
    seen: set[str] = set()
    for index, step in enumerate(texts(points.get("beforeSteps"))):
        if step in seen:
            field = f"breakpoints.beforeSteps[{index}]"
            message = f'the breakpoint before the step "{step}" is listed more than once'
            scope.report("T116", message, field, at=("breakpoints", "beforeSteps", index))
        seen.add(step)
