"""The value of a param or a result: a string, an array of strings or an object of strings.

Source: Tekton's ParamValue; what is none of the three is kept as the string of its JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

STRING = "string"
ARRAY = "array"
OBJECT = "object"
TYPES = (STRING, ARRAY, OBJECT)


def type_of(holder: Mapping[str, Any], key: str = "value") -> str:
    """``string``, ``array`` or ``object``; ``""`` where the key is missing."""
    if key not in holder:
        return ""
    value = holder[key]
    if isinstance(value, list) and all(item is None or isinstance(item, str) for item in value):
        return ARRAY
    if isinstance(value, dict) and all(item is None or isinstance(item, str) for item in value.values()):
        return OBJECT
    return STRING


def string_of(holder: Mapping[str, Any], key: str = "value") -> str:
    """The value if it is a string, ``""`` for arrays and objects."""
    value = holder.get(key)
    if isinstance(value, str):
        return value
    if value is None or type_of(holder, key) != STRING:
        return ""
    return json.dumps(value, separators=(",", ":"), default=str)


def array_of(holder: Mapping[str, Any], key: str = "value") -> list[str]:
    """The elements of an array, none for strings and objects."""
    return [item or "" for item in holder[key]] if type_of(holder, key) == ARRAY else []


def object_of(holder: Mapping[str, Any], key: str = "value") -> dict[str, str]:
    """The entries of an object, none for strings and arrays."""
    if type_of(holder, key) != OBJECT:
        return {}
    return {name: item or "" for name, item in holder[key].items()}


def strings_of(holder: Mapping[str, Any], key: str = "value") -> list[str]:
    """All strings of which a value consists."""
    return [string_of(holder, key), *array_of(holder, key), *object_of(holder, key).values()]
