"""Reading plain data whose shape nobody has promised: the wrong kind of value counts as an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EMPTY: Mapping[str, Any] = {}


def record(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty mapping."""
    return value if isinstance(value, dict) else _EMPTY


def items(value: Any) -> list[Any]:
    """The value if it is a list, else an empty list."""
    return value if isinstance(value, list) else []


def records(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a list as mappings; an empty one stands for anything else, so that indexes stay."""
    if not isinstance(value, list):
        return []
    return [item if isinstance(item, dict) else _EMPTY for item in value]


def text(value: Any) -> str:
    """The value if it is a string, else ``""``; an absent string is an empty one for Tekton too."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """The entries of a list as strings."""
    return [text(item) for item in items(value)]


def name_of(value: Mapping[str, Any]) -> str:
    """The ``name`` of an entry."""
    return text(value.get("name"))
