"""Params and results: declarations and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.value import Value, ValueType, type_of

from holkas_compat.tekton.param_value import param_value
from holkas_compat.tekton.reader.fields import Raw, items, text, texts


def read_params(raw: Raw, key: str = "params") -> tuple[Param, ...]:
    """The values under ``key``, in their order."""
    return items(raw, key, read_param)


def read_param(raw: Raw) -> Param:
    """One value."""
    return Param(name=text(raw, "name"), value=param_value(raw.get("value")))


def read_param_spec(raw: Raw) -> ParamSpec:
    """A declared param; a missing type follows from the default or the properties, as Tekton does it."""
    default = None if raw.get("default") is None else param_value(raw["default"])
    return ParamSpec(
        name=text(raw, "name"),
        type=_type(raw, default),
        description=text(raw, "description"),
        default=default,
        properties=_properties(raw.get("properties")),
        enum=texts(raw, "enum"),
    )


def read_result_spec(raw: Raw) -> ResultSpec:
    """A declared result of a task, a step or a pipeline."""
    value = None if raw.get("value") is None else param_value(raw["value"])
    return ResultSpec(
        name=text(raw, "name"),
        type=_type(raw, None),
        description=text(raw, "description"),
        properties=_properties(raw.get("properties")),
        value=value,
    )


def _type(raw: Raw, default: Value | None) -> ValueType:
    if raw.get("type"):
        return ValueType(raw["type"])
    if raw.get("properties") is not None:
        return ValueType.OBJECT
    return ValueType.STRING if default is None else type_of(default)


def _properties(raw: Mapping[str, Any] | None) -> dict[str, ValueType]:
    return {key: ValueType((value or {}).get("type") or "string") for key, value in (raw or {}).items()}
