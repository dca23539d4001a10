"""Small helpers to take fields out of decoded manifests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from holkas_compat.tekton.reader.durations import parse_duration

Raw = Mapping[str, Any]
T = TypeVar("T")


def items(raw: Raw, key: str, read: Callable[[Raw], T]) -> tuple[T, ...]:
    """Each entry of the list at ``key`` read; an absent or null list is empty, a null entry an empty one."""
    entries = raw.get(key)
    return tuple([read(item or {}) for item in entries]) if entries else ()


def texts(raw: Raw, key: str) -> tuple[str, ...]:
    """The list of strings at ``key``."""
    entries = raw.get(key)
    return tuple([item or "" for item in entries]) if entries else ()


def text(raw: Raw, key: str) -> str:
    """The string at ``key``, empty where it is absent or null."""
    return raw.get(key) or ""


def mapping(raw: Raw, key: str) -> dict[str, Any]:
    """The mapping at ``key``, empty where it is absent or null."""
    return dict(raw.get(key) or {})


def duration(raw: Raw, key: str) -> float | None:
    """Seconds of the duration at ``key``, None where it is absent. Raises ValueError."""
    value = raw.get(key)
    return None if value is None else parse_duration(value)


def rest(raw: Raw, known: Collection[str]) -> dict[str, Any]:
    """Fields that are not in ``known`` and not empty."""
    return {key: value for key, value in raw.items() if key not in known and value not in _EMPTY}


_EMPTY: tuple[Any, ...] = (None, "", {}, [])
