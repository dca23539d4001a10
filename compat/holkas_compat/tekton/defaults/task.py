"""Defaults of Tasks and StepActions (task_defaults.go, stepaction_defaults.go)."""

from __future__ import annotations

from holkas_compat.tekton.defaults.config import DefaultsConfig
from holkas_compat.tekton.defaults.params import default_param_spec, default_result
from holkas_compat.tekton.defaults.parts import Object, in_field, in_lists


def default_task_spec(spec: Object, config: DefaultsConfig) -> Object:
    """A task's spec: types of params and results, and the resolver of steps that refer to nothing by name."""
    spec = in_lists(spec, ("params",), default_param_spec)
    spec = in_lists(spec, ("results",), default_result)
    return in_lists(spec, ("steps",), lambda step: default_step(step, config))


def default_step(step: Object, config: DefaultsConfig) -> Object:
    """A step: its reference. Types of step results are filled in only for StepActions."""
    return in_field(step, "ref", lambda ref: default_reference(ref, config))


def default_step_action_spec(spec: Object, _config: DefaultsConfig) -> Object:
    """A StepAction's spec."""
    return in_lists(in_lists(spec, ("params",), default_param_spec), ("results",), default_result)


def default_reference(ref: Object, config: DefaultsConfig) -> Object:
    """A reference: the cluster's resolver where neither a name nor a resolver is given."""
    if ref.get("name") or ref.get("resolver") or not config.resolver:
        return ref
    return {**ref, "resolver": config.resolver}
