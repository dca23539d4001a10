"""The value of a param or result as Tekton understands it (v1/param_types.go, ParamValue)."""

from __future__ import annotations

from typing import Any

from holkas.go_json import json_text

ParamValue = str | list[str] | dict[str, str]


def param_value(value: Any) -> ParamValue:
    """Text, a list of texts or a map of texts; anything else becomes its JSON text, and a null ``""``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(item is None or isinstance(item, str) for item in value):
        return [item or "" for item in value]
    if isinstance(value, dict) and all(item is None or isinstance(item, str) for item in value.values()):
        return {key: item or "" for key, item in value.items()}
    return json_text(value)


def value_type(value: Any) -> str:
    """``string``, ``array`` or ``object``."""
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "string"
