"""Defaults of Pipelines (pipeline_defaults.go)."""

from __future__ import annotations

from holkas_compat.tekton.defaults.config import DefaultsConfig
from holkas_compat.tekton.defaults.params import default_param_spec
from holkas_compat.tekton.defaults.parts import Object, in_field, in_lists
from holkas_compat.tekton.defaults.task import default_reference, default_task_spec


def default_pipeline_spec(spec: Object, config: DefaultsConfig) -> Object:
    """A pipeline's spec: types of params, then each task."""
    spec = in_lists(spec, ("params",), default_param_spec)
    return in_lists(spec, ("tasks", "finally"), lambda task: default_pipeline_task(task, config))


def default_pipeline_task(task: Object, config: DefaultsConfig) -> Object:
    """A task of a pipeline: its reference and its inline spec."""
    task = in_field(task, "taskRef", lambda ref: default_task_ref(ref, config))
    return in_field(task, "taskSpec", lambda spec: default_task_spec(spec, config))


def default_task_ref(ref: Object, config: DefaultsConfig) -> Object:
    """A reference to a task: resolver, or kind ``Task`` where nothing resolves it remotely."""
    ref = default_reference(ref, config)
    return ref if ref.get("kind") or ref.get("resolver") else {**ref, "kind": "Task"}
