"""Changing immutable things without copying what stays the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def change_each(items: tuple[T, ...], change: Callable[[T], T]) -> tuple[T, ...]:
    """The items after ``change``; the very same tuple where it gave every item back as it was."""
    if not items:
        return items
    new = [change(item) for item in items]
    for before, after in zip(items, new, strict=True):
        if before is not after:
            return tuple(new)
    return items
