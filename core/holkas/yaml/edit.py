"""Edits that change only the text of the place they are meant for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holkas.model.finding import PathPart
from holkas.yaml.source import Source

Scalar = str | int | float | bool | None


def replace_scalar(source: Source, document: int, path: Sequence[PathPart], value: Scalar) -> Source:
    """Give the scalar at ``path`` of document number ``document`` another value. Raises EditError, YamlError."""
    raise NotImplementedError


def rename_key(source: Source, document: int, path: Sequence[PathPart], new_key: str) -> Source:
    """Give the mapping key at the end of ``path`` another name. Raises EditError, YamlError."""
    raise NotImplementedError


def remove(source: Source, document: int, path: Sequence[PathPart]) -> Source:
    """Take out the whole entry at ``path`` with its own lines. Raises EditError, YamlError."""
    raise NotImplementedError


def insert(source: Source, document: int, path: Sequence[PathPart], key: str, value: Any) -> Source:
    """Add ``key`` at the end of the block mapping at ``path``. Raises EditError, YamlError."""
    raise NotImplementedError
