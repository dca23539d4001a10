"""Defaults of runs (taskrun_defaults.go, pipelinerun_defaults.go, customrun_defaults.go)."""

from __future__ import annotations

import re
from typing import Any

from holkas.model.duration import duration_text

from holkas_compat.tekton.defaults.config import DefaultsConfig, Operation
from holkas_compat.tekton.defaults.parts import Object, in_field
from holkas_compat.tekton.defaults.pipeline import default_pipeline_spec, default_task_ref
from holkas_compat.tekton.defaults.pod_template import merge_pod_template
from holkas_compat.tekton.defaults.task import default_reference, default_task_spec

MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"
_RESERVED_ANNOTATION = re.compile(r"chains.tekton.dev/*")


def default_run_metadata(metadata: Object, config: DefaultsConfig) -> Object:
    """A run's metadata: annotations that only Chains may set are dropped at creation."""
    annotations = metadata.get("annotations")
    if config.operation is not Operation.CREATE or not annotations:
        return metadata
    kept = {key: value for key, value in annotations.items() if not _RESERVED_ANNOTATION.search(key)}
    return {**metadata, "annotations": kept}


def default_task_run_metadata(metadata: Object, config: DefaultsConfig) -> Object:
    """A TaskRun's metadata: also labelled with what manages it."""
    metadata = default_run_metadata(metadata, config)
    labels = metadata.get("labels") or {}
    if MANAGED_BY_LABEL in labels:
        return metadata
    return {**metadata, "labels": {**labels, MANAGED_BY_LABEL: config.managed_by}}


def default_task_run_spec(spec: Object, config: DefaultsConfig) -> Object:
    """A TaskRun's spec, the same in v1 and v1beta1."""
    spec = in_field(spec, "taskRef", lambda ref: default_task_ref(ref, config))
    if spec.get("timeout") is None:
        spec = {**spec, "timeout": _timeout(config)}
    spec = _with_service_account(spec, config)
    spec = _with_pod_template(spec, config)
    return in_field(spec, "taskSpec", lambda task: default_task_spec(task, config))


def default_custom_run_spec(spec: Object, config: DefaultsConfig) -> Object:
    """A CustomRun's spec: only the service account."""
    return _with_service_account(spec, config)


def default_pipeline_run_spec_v1(spec: Object, config: DefaultsConfig) -> Object:
    """A v1 PipelineRun's spec."""
    timeouts = spec.get("timeouts") or {}
    if timeouts.get("pipeline") is None:
        spec = {**spec, "timeouts": {**timeouts, "pipeline": _timeout(config)}}
    template = _with_service_account(spec.get("taskRunTemplate") or {}, config)
    template = _with_pod_template(template, config)
    if template:
        spec = {**spec, "taskRunTemplate": template}
    return _with_pipeline(spec, config)


def default_pipeline_run_spec_v1beta1(spec: Object, config: DefaultsConfig) -> Object:
    """A v1beta1 PipelineRun's spec: ``timeout`` unless ``timeouts`` is there."""
    timeouts = spec.get("timeouts")
    if timeouts is None:
        if spec.get("timeout") is None:
            spec = {**spec, "timeout": _timeout(config)}
    elif timeouts.get("pipeline") is None:
        spec = {**spec, "timeouts": {**timeouts, "pipeline": _timeout(config)}}
    return _with_pipeline(_with_pod_template(_with_service_account(spec, config), config), config)


def _with_pipeline(spec: Object, config: DefaultsConfig) -> Object:
    spec = in_field(spec, "pipelineRef", lambda ref: default_reference(ref, config))
    return in_field(spec, "pipelineSpec", lambda pipeline: default_pipeline_spec(pipeline, config))


def _timeout(config: DefaultsConfig) -> str:
    return duration_text(config.timeout_minutes * 60_000_000_000)


def _with_service_account(spec: Object, config: DefaultsConfig) -> Object:
    if spec.get("serviceAccountName") or not config.service_account:
        return spec
    return {**spec, "serviceAccountName": config.service_account}


def _with_pod_template(spec: Object, config: DefaultsConfig) -> Object:
    merged: dict[str, Any] | None = merge_pod_template(spec.get("podTemplate"), config.pod_template)
    return spec if merged is None else {**spec, "podTemplate": merged}
