"""Runs of tasks and pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from holkas.model.run import PipelineRun, Run, StepOverride, TaskRun, TaskRunSettings

from holkas_compat.tekton.reader.durations import format_duration
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import write_params, write_reference
from holkas_compat.tekton.writer.pipeline import write_custom_spec, write_pipeline_spec
from holkas_compat.tekton.writer.task import document, write_metadata, write_task_spec
from holkas_compat.tekton.writer.workspaces import write_bindings


def write_run(run: Run) -> dict[str, Any]:
    """A TaskRun, CustomRun or PipelineRun document without status."""
    if not isinstance(run, TaskRun):
        return write_pipeline_run(run)
    return write_custom_run(run) if run.custom_kind else write_task_run(run)


def write_custom_run(run: TaskRun) -> dict[str, Any]:
    """A CustomRun document; the kind has no v1 yet."""
    spec: dict[str, Any] = {}
    if run.custom_spec is not None:
        spec["customSpec"] = write_custom_spec(run.custom_spec)
    elif run.ref is not None:
        spec["customRef"] = write_reference(run.ref)
    spec |= filled(
        params=write_params(run.params),
        status=run.status,
        statusMessage=run.status_message,
        retries=run.retries,
        serviceAccountName=run.settings.service_account,
        timeout=_duration(run.timeout),
        workspaces=write_bindings(run.workspaces),
    )
    return document("CustomRun", write_metadata(run, run.namespace), spec, version="v1beta1")


def write_task_run(run: TaskRun) -> dict[str, Any]:
    """A TaskRun document."""
    settings = run.settings
    spec = filled(params=write_params(run.params), serviceAccountName=settings.service_account)
    if run.ref is not None:
        spec["taskRef"] = write_reference(run.ref)
    if run.spec is not None:
        spec["taskSpec"] = write_task_spec(run.spec)
    spec |= filled(
        status=run.status,
        statusMessage=run.status_message,
        retries=run.retries,
        timeout=_duration(run.timeout),
        podTemplate=plain(settings.pod_template),
        workspaces=write_bindings(run.workspaces),
        stepSpecs=_overrides(settings.step_overrides),
        sidecarSpecs=_overrides(settings.sidecar_overrides),
    )
    return document(
        "TaskRun", write_metadata(run, run.namespace), spec | plain(settings.extra) | plain(run.extra)
    )


def write_pipeline_run(run: PipelineRun) -> dict[str, Any]:
    """A PipelineRun document."""
    spec: dict[str, Any] = {}
    if run.ref is not None:
        spec["pipelineRef"] = write_reference(run.ref)
    if run.spec is not None:
        spec["pipelineSpec"] = write_pipeline_spec(run.spec)
    spec |= filled(
        params=write_params(run.params),
        status=run.status,
        timeouts=filled(
            pipeline=_duration(run.timeouts.pipeline),
            tasks=_duration(run.timeouts.tasks),
            finally_=_duration(run.timeouts.finally_),
        ),
        taskRunTemplate=_settings(run.template),
        workspaces=write_bindings(run.workspaces),
        taskRunSpecs=[_settings(settings) for settings in run.task_settings],
    )
    return document("PipelineRun", write_metadata(run, run.namespace), spec | plain(run.extra))


def _settings(settings: TaskRunSettings) -> dict[str, Any]:
    extra: dict[str, Any] = plain(settings.extra)
    fields = filled(
        pipelineTaskName=settings.pipeline_task,
        podTemplate=plain(settings.pod_template),
        serviceAccountName=settings.service_account,
        stepSpecs=_overrides(settings.step_overrides),
        sidecarSpecs=_overrides(settings.sidecar_overrides),
        metadata=filled(labels=plain(settings.labels), annotations=plain(settings.annotations)),
        timeout=_duration(settings.timeout),
    )
    return fields | extra


def _overrides(overrides: Iterable[StepOverride]) -> list[dict[str, Any]]:
    return [{"name": item.name, "computeResources": plain(item.compute_resources)} for item in overrides]


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else format_duration(seconds)
