"""Tekton's SetDefaults for every kind, and for the parts of which kinds are made."""

from __future__ import annotations

from collections.abc import Callable

from holkas_compat.tekton.defaults.config import DefaultsConfig
from holkas_compat.tekton.defaults.params import default_param_spec, default_result
from holkas_compat.tekton.defaults.parts import Object, in_field
from holkas_compat.tekton.defaults.pipeline import default_pipeline_spec, default_pipeline_task
from holkas_compat.tekton.defaults.runs import (
    default_custom_run_spec,
    default_pipeline_run_spec_v1,
    default_pipeline_run_spec_v1beta1,
    default_run_metadata,
    default_task_run_metadata,
    default_task_run_spec,
)
from holkas_compat.tekton.defaults.task import default_step_action_spec, default_task_spec
from holkas_compat.tekton.schema.kinds import V1

Rule = Callable[[Object, DefaultsConfig], Object]

_NO_CONFIG: dict[str, Callable[[Object], Object]] = {
    "ParamSpec": default_param_spec,
    "TaskResult": default_result,
    "StepResult": default_result,
}

_SPECS: dict[str, Rule] = {
    "TaskSpec": default_task_spec,
    "PipelineSpec": default_pipeline_spec,
    "PipelineTask": default_pipeline_task,
    "StepActionSpec": default_step_action_spec,
    "TaskRunSpec": default_task_run_spec,
    "CustomRunSpec": default_custom_run_spec,
}

_METADATA: dict[str, Rule] = {
    "TaskRun": default_task_run_metadata,
    "PipelineRun": default_run_metadata,
}


def apply_defaults(obj: Object, config: DefaultsConfig | None = None) -> Object:
    """A decoded object with what Tekton would fill in; the given object is not changed.

    Objects of other kinds come back as they are.
    """
    return default_part(obj.get("kind", ""), obj.get("apiVersion", ""), obj, config)


def default_part(kind: str, api_version: str, obj: Object, config: DefaultsConfig | None = None) -> Object:
    """The same for a part that has no kind of its own in the document: ``ParamSpec``, ``TaskRunSpec`` …"""
    config = config or DefaultsConfig()
    plain = _NO_CONFIG.get(kind)
    if plain is not None:
        return plain(obj)
    rule = _spec_rule(kind, api_version)
    if rule is not None:
        return rule(obj, config)
    rule = _spec_rule(f"{kind}Spec", api_version)
    if rule is None:
        return obj
    metadata = _METADATA.get(kind)
    if metadata is not None:
        obj = {**obj, "metadata": metadata(obj.get("metadata") or {}, config)}
    if obj.get("spec") is None:
        made = rule({}, config)
        return {**obj, "spec": made} if made else obj
    return in_field(obj, "spec", lambda spec: rule(spec, config))


def _spec_rule(kind: str, api_version: str) -> Rule | None:
    if kind == "PipelineRunSpec":
        return default_pipeline_run_spec_v1 if api_version == V1 else default_pipeline_run_spec_v1beta1
    return _SPECS.get(kind)
