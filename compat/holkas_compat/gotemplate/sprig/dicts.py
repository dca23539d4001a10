"""Dictionaries. Source: sprig's documentation, "Dictionaries and Dict Functions"."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import in_order
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.casting import to_text
from holkas_compat.gotemplate.sprig.merging import merge
from holkas_compat.gotemplate.values import StringList, StringMap, measure, type_name


def dictionary(*pairs: Any) -> dict[str, Any]:
    """A dictionary of keys and values in turn."""
    made: dict[str, Any] = {}
    for index in range(0, len(pairs), 2):
        made[to_text(pairs[index])] = pairs[index + 1] if index + 1 < len(pairs) else ""
    return made


def assign(target: dict[str, Any] | None, key: str, value: Any) -> dict[str, Any]:
    """``set``: changes the dictionary itself, as sprig does."""
    if target is None:
        raise FunctionError("assignment to entry in nil map")
    target[key] = value
    return target


def unset(target: dict[str, Any] | None, key: str) -> dict[str, Any] | None:
    """Removes a key from the dictionary itself."""
    if target:
        target.pop(key, None)
    return target


def pluck(key: str, *dictionaries: dict[str, Any]) -> list[Any]:
    """The values that several dictionaries have under one key."""
    return [one[key] for one in dictionaries if one and key in one]


def keys(*dictionaries: dict[str, Any]) -> StringList:
    """All keys; sorted, where sprig has them in no order at all."""
    return StringList(key for one in dictionaries for key in in_order(one or {}))


def _mapping(found: Any) -> None:
    if not isinstance(found, dict) or isinstance(found, StringMap):
        raise FunctionError(
            f"interface conversion: interface {{}} is {type_name(found).replace('<nil>', 'nil')}, "
            "not map[string]interface {}"
        )


def dig(*arguments: Any) -> Any:
    """What several keys lead to, or a default."""
    if len(arguments) < 3:
        raise FunctionError("dig needs at least three arguments")
    *path, fallback, found = arguments
    _mapping(found)
    for key in path:
        if not isinstance(key, str):
            raise FunctionError(f"interface conversion: interface {{}} is {type_name(key)}, not string")
    for index, key in enumerate(path):
        _mapping(found)
        if key not in found:
            return fallback
        found = found[key]
        if index == len(path) - 1:
            return found
    return found


def deep_copy(value: Any) -> Any:
    """A copy that shares nothing."""
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    measure(value)
    return copy.deepcopy(value)


def _merged(target: dict[str, Any] | None, *sources: dict[str, Any], overwrite: bool = False) -> Any:
    target = {} if target is None else target
    for source in sources:
        merge(target, source or {}, overwrite=overwrite)
    return target


def _overwritten(target: dict[str, Any] | None, *sources: dict[str, Any]) -> Any:
    return _merged(target, *sources, overwrite=True)


DICTS: Mapping[str, Function] = {
    "dict": function(dictionary, "any..."),
    "get": function(lambda source, key: (source or {}).get(key, ""), "map string"),
    "set": function(assign, "map string any"),
    "unset": function(unset, "map string"),
    "hasKey": function(lambda source, key: key in (source or {}), "map string"),
    "pluck": function(pluck, "string map..."),
    "keys": function(keys, "map..."),
    "values": function(lambda source: [source[key] for key in in_order(source or {})], "map"),
    "pick": function(
        lambda source, *names: {key: source[key] for key in names if key in (source or {})}, "map string..."
    ),
    "omit": function(
        lambda source, *names: {key: value for key, value in (source or {}).items() if key not in names},
        "map string...",
    ),
    "dig": function(dig, "any..."),
    "merge": function(_merged, "map map..."),
    "mustMerge": function(_merged, "map map..."),
    "mergeOverwrite": function(_overwritten, "map map..."),
    "mustMergeOverwrite": function(_overwritten, "map map..."),
    "deepCopy": function(deep_copy, "any"),
    "mustDeepCopy": function(deep_copy, "any"),
}
"""Name → function."""
