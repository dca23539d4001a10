"""PipelineRuns.

Source: Tekton's docs/pipelineruns.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.validation.durations import HOUR, nanoseconds
from holkas_compat.tekton.validation.expressions import param_expressions, result_reference
from holkas_compat.tekton.validation.gates import refuse_inline_spec, refuse_resources
from holkas_compat.tekton.validation.given_params import check_given
from holkas_compat.tekton.validation.inline import check_inline_pipeline
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.pipeline import SECTIONS, check_pipeline_spec
from holkas_compat.tekton.validation.references import check_reference
from holkas_compat.tekton.validation.runs import (
    check_overrides,
    check_ref_or_spec,
    check_started,
    check_timeout,
)
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.workspaces import bind_task, check_binding, names_of

STATUSES = ("Cancelled", "CancelledRunFinally", "StoppedRunFinally", "PipelineRunPending")


def check_pipeline_run(obj: dict[str, Any], scope: Scope) -> None:
    """A PipelineRun."""
    check_metadata(obj, scope)
    check_started(obj, scope, "PipelineRunPending")
    spec, here = record(obj.get("spec")), scope.at("spec")
    check_ref_or_spec(spec, here, "pipelineRef", "pipelineSpec")
    if spec.get("pipelineRef") is not None:
        check_reference(spec["pipelineRef"], here.at("pipelineRef"))
    if spec.get("pipelineSpec") is not None:
        refuse_inline_spec(here, "pipelinerun", "pipelineSpec")
        check_pipeline_spec(record(spec["pipelineSpec"]), here.at("pipelineSpec"))
    _check_params(spec, here)
    check_inline_pipeline(spec, here)
    _check_timeouts(spec, here)
    status = text(spec.get("status"))
    if status and status not in STATUSES:
        message = f'the status "{status}" cannot be asked for'
        here.report("T109", message, "status", at=("status",), hint=f"use {', '.join(STATUSES)}")
    _check_workspaces(spec.get("workspaces"), here)
    for index, entry in enumerate(records(spec.get("taskRunSpecs"))):
        place = here.at("taskRunSpecs", index)
        check_overrides(entry, place)
        _check_task_timeout(entry, record(spec.get("timeouts")), place)
    if scope.version == "v1beta1":
        _check_v1beta1(spec, here)


def _check_params(spec: Mapping[str, Any], scope: Scope) -> None:
    check_given(spec.get("params"), scope.at("params"))
    for index, param in enumerate(records(spec.get("params"))):
        for expression in param_expressions(param):
            if result_reference(expression):
                place = scope.at("params", index, "value", field=f"params.[{name_of(param)}].value")
                message = f"$({expression}): no task has run yet when params are given to the run"
                place.report("T316", message, "", within=f"$({expression})")


def _check_workspaces(value: Any, scope: Scope) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        here = scope.at("workspaces", index)
        check_binding(entry, here)
        name = name_of(entry)
        if name in seen:
            here.report("T116", f'the workspace "{name}" is bound more than once', "name", at=("name",))
        seen.add(name)


def _check_timeouts(spec: Mapping[str, Any], scope: Scope) -> None:
    if spec.get("timeouts") is None:
        return
    timeouts = record(spec["timeouts"])
    for key in ("tasks", "finally", "pipeline"):
        check_timeout(timeouts.get(key), scope, "timeouts", key)
    limit = nanoseconds(timeouts.get("pipeline"))
    shown = timeouts.get("pipeline", "1h0m0s")
    limit = HOUR if limit is None else limit
    parts = {key: nanoseconds(timeouts.get(key)) for key in SECTIONS}
    for key, value in parts.items():
        if value is None or not limit:
            continue
        at, field = ("timeouts", key), f"timeouts.{key}"
        if not value:
            message = f"no time-out for {key} (0) is more than that of the pipeline, {shown}"
            scope.report("T111", message, field, at=at, hint='set timeouts.pipeline: "0" too')
        elif value > limit:
            message = f"the time-out {timeouts[key]} for {key} is more than that of the pipeline, {shown}"
            scope.report("T111", message, field, at=at, hint="raise timeouts.pipeline")
    tasks, final = parts["tasks"], parts["finally"]
    if tasks is not None and final is not None and tasks + final > limit:
        message = (
            f"the time-outs for tasks ({timeouts['tasks']}) and finally ({timeouts['finally']}) are together "
            f"more than that of the pipeline, {shown}"
        )
        scope.report("T111", message, "timeouts.tasks", "timeouts.finally", at=("timeouts", "tasks"))


def _check_task_timeout(entry: Mapping[str, Any], timeouts: Mapping[str, Any], scope: Scope) -> None:
    """The time-out of one task against the first one set: of all tasks, of the pipeline, the default."""
    check_timeout(entry.get("timeout"), scope, "timeout")
    timeout = nanoseconds(entry.get("timeout"))
    if timeout is None:
        return
    shown, noun = "1h0m0s", "a pipeline by default"
    limit = HOUR
    for key, its_noun in (("tasks", "all tasks"), ("pipeline", "the pipeline")):
        if (found := nanoseconds(timeouts.get(key))) is not None:
            limit, shown, noun = found, timeouts[key], its_noun
            break
    if limit and timeout > limit:
        message = f"the time-out {entry['timeout']} is more than that of {noun}, {shown}"
        scope.report("T111", message, "timeout", at=("timeout",))


def _check_v1beta1(spec: Mapping[str, Any], scope: Scope) -> None:
    check_timeout(spec.get("timeout"), scope, "timeout")
    if spec.get("timeout") is not None and spec.get("timeouts") is not None:
        message = "timeout and timeouts exclude each other"
        hint = "use timeouts.pipeline in place of timeout"
        scope.report("T103", message, "timeout", "timeouts", at=("timeout",), on_key=True, hint=hint)
    refuse_resources(spec.get("resources") is not None, scope)
    pipeline = record(spec.get("pipelineSpec"))
    names = set(names_of(spec.get("workspaces")) | names_of(pipeline.get("workspaces")))
    for section in SECTIONS:
        for index, task in enumerate(records(pipeline.get(section))):
            names |= names_of(task.get("workspaces"))
            bind_task(task, scope.at("pipelineSpec", section, index, field=f"[{index}]"), names)
