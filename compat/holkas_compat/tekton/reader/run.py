"""Runs of tasks and pipelines."""

from __future__ import annotations

from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, StepOverride, TaskRun, TaskRunSettings, Timeouts

from holkas_compat.tekton.reader.fields import Raw, duration, items, mapping, rest, text
from holkas_compat.tekton.reader.metadata import read_run_metadata
from holkas_compat.tekton.reader.params import read_params
from holkas_compat.tekton.reader.pipeline import read_custom_spec, read_pipeline_spec
from holkas_compat.tekton.reader.references import read_reference
from holkas_compat.tekton.reader.task import read_task_spec
from holkas_compat.tekton.reader.workspaces import read_bindings

_SETTINGS = frozenset(
    [
        "pipelineTaskName",
        "serviceAccountName",
        "podTemplate",
        "timeout",
        "stepSpecs",
        "sidecarSpecs",
        "metadata",
    ]
)
_TASK_RUN = frozenset(
    [
        "serviceAccountName",
        "podTemplate",
        "stepSpecs",
        "sidecarSpecs",
        "computeResources",
        "taskRef",
        "taskSpec",
        "params",
        "workspaces",
        "retries",
        "timeout",
        "status",
        "statusMessage",
    ]
)
_PIPELINE_RUN = frozenset(
    [
        "pipelineRef",
        "pipelineSpec",
        "params",
        "workspaces",
        "timeouts",
        "taskRunTemplate",
        "taskRunSpecs",
        "status",
    ]
)


def read_task_run(doc: Raw, name: str = "") -> TaskRun:
    """A TaskRun document; ``name`` is the final one where the document has only generateName."""
    spec = mapping(doc, "spec")
    task_spec = spec.get("taskSpec")
    settings = {key: spec[key] for key in _TASK_RUN & (_SETTINGS | {"computeResources"}) if key in spec}
    settings.pop("timeout", None)
    return TaskRun(
        **read_run_metadata(doc, name),
        ref=read_reference(spec, "taskRef"),
        spec=None if task_spec is None else read_task_spec(task_spec),
        params=read_params(spec),
        workspaces=read_bindings(spec),
        retries=spec.get("retries") or 0,
        timeout=duration(spec, "timeout"),
        settings=_settings(settings),
        status=text(spec, "status"),
        status_message=text(spec, "statusMessage"),
        extra=rest(spec, _TASK_RUN),
    )


def read_custom_run(doc: Raw, name: str = "") -> TaskRun:
    """A CustomRun document, the run of a custom task."""
    spec = mapping(doc, "spec")
    raw, ref = spec.get("customSpec"), read_reference(spec, "customRef")
    custom = None if raw is None else read_custom_spec(raw)
    target = custom or ref or Reference()
    return TaskRun(
        **read_run_metadata(doc, name),
        ref=ref,
        custom_kind=f"{target.api_version}/{target.kind}",
        custom_spec=custom,
        params=read_params(spec),
        workspaces=read_bindings(spec),
        retries=spec.get("retries") or 0,
        timeout=duration(spec, "timeout"),
        settings=TaskRunSettings(service_account=text(spec, "serviceAccountName")),
        status=text(spec, "status"),
        status_message=text(spec, "statusMessage"),
    )


def read_pipeline_run(doc: Raw, name: str = "") -> PipelineRun:
    """A PipelineRun document; ``name`` is the final one where the document has only generateName."""
    spec = mapping(doc, "spec")
    pipeline_spec = spec.get("pipelineSpec")
    timeouts = mapping(spec, "timeouts")
    return PipelineRun(
        **read_run_metadata(doc, name),
        ref=read_reference(spec, "pipelineRef"),
        spec=None if pipeline_spec is None else read_pipeline_spec(pipeline_spec),
        params=read_params(spec),
        workspaces=read_bindings(spec),
        timeouts=Timeouts(
            pipeline=duration(timeouts, "pipeline"),
            tasks=duration(timeouts, "tasks"),
            finally_=duration(timeouts, "finally"),
        ),
        template=_settings(mapping(spec, "taskRunTemplate")),
        task_settings=items(spec, "taskRunSpecs", _settings),
        status=text(spec, "status"),
        extra=rest(spec, _PIPELINE_RUN),
    )


def _settings(raw: Raw) -> TaskRunSettings:
    metadata = mapping(raw, "metadata")
    return TaskRunSettings(
        pipeline_task=text(raw, "pipelineTaskName"),
        service_account=text(raw, "serviceAccountName"),
        pod_template=mapping(raw, "podTemplate"),
        timeout=duration(raw, "timeout"),
        step_overrides=items(raw, "stepSpecs", _override),
        sidecar_overrides=items(raw, "sidecarSpecs", _override),
        labels=mapping(metadata, "labels"),
        annotations=mapping(metadata, "annotations"),
        extra=rest(raw, _SETTINGS),
    )


def _override(raw: Raw) -> StepOverride:
    return StepOverride(name=text(raw, "name"), compute_resources=mapping(raw, "computeResources"))
