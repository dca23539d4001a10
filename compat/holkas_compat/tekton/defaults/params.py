"""Types of params and results that were not given (param_types.go, result_defaults.go).

A type is inferred from the properties, then from the default's value; ``string`` is what remains.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.param_value import value_type

Object = dict[str, Any]


def default_param_spec(spec: Object) -> Object:
    """A declared param with its type."""
    if spec.get("type"):
        return _with_properties(spec)
    if spec.get("properties") is not None:
        return _with_properties({**spec, "type": "object"})
    default = spec.get("default")
    return {**spec, "type": "string" if default is None else value_type(default)}


def default_result(spec: Object) -> Object:
    """A declared result of a task, step or StepAction with its type."""
    if not spec.get("type"):
        spec = {**spec, "type": "string" if spec.get("properties") is None else "object"}
    return _with_properties(spec)


def _with_properties(spec: Object) -> Object:
    properties = spec.get("properties")
    if not properties:
        return spec
    typed = {
        key: item if item.get("type") else {**item, "type": "string"} for key, item in properties.items()
    }
    return {**spec, "properties": typed}
