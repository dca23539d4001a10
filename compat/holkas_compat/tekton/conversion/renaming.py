"""Helpers that build the new form of an object beside the old one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

Object = dict[str, Any]


def renamed(value: Mapping[str, Any], names: Mapping[str, str], without: Collection[str] = ()) -> Object:
    """A copy with other names for some fields, in the same order, and without others."""
    return {names.get(key, key): item for key, item in value.items() if key not in without}


def replace(value: Object, key: str, convert: Callable[[Any], Any]) -> None:
    """Convert the field of a fresh copy in place, if it is there."""
    if value.get(key) is not None:
        value[key] = convert(value[key])


def replace_items(value: Object, key: str, convert: Callable[[Any], Any]) -> None:
    """Convert each item of a list of a fresh copy in place."""
    if value.get(key):
        value[key] = [convert(item) for item in value[key]]
