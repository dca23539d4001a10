"""Values of params and results: a string, an array of strings, or an object with string values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

Value = str | Sequence[str] | Mapping[str, str]


class ValueType(StrEnum):
    """The three types of Tekton's params and results."""

    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


def type_of(value: Value) -> ValueType:
    """The type that a value has by its shape."""
    if isinstance(value, str):
        return ValueType.STRING
    return ValueType.OBJECT if isinstance(value, Mapping) else ValueType.ARRAY
