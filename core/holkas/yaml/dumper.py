"""Writes plain values as readable YAML that every reader reads back the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def dump(value: Any) -> str:
    """One document in block style, keys in their order, a newline at the end. Raises TypeError."""
    raise NotImplementedError


def dump_all(values: Iterable[Any]) -> str:
    """Several documents with ``---`` between them."""
    raise NotImplementedError
