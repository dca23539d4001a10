"""An edit: one change of somebody's document, told by place and value, before any text is touched."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass


class EditKind(StrEnum):
    """What is done at the place."""

    REPLACE = "replace"
    RENAME = "rename"
    REMOVE = "remove"
    INSERT = "insert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change.

    path: keys and indexes from the document's root, after the edits before it were made. REPLACE: of a scalar that
        becomes ``value``. RENAME: of a mapping's key that becomes ``key``. REMOVE: of an entry. INSERT: of a mapping
        that gets ``key`` with ``value``, which may be any plain value.
    """

    kind: EditKind
    path: tuple[PathPart, ...]
    key: str = ""
    value: Any = None

    @classmethod
    def replace(cls, path: tuple[PathPart, ...], value: str | int | float | bool | None) -> Edit:
        """Give a scalar another value."""
        return cls(kind=EditKind.REPLACE, path=path, value=value)

    @classmethod
    def rename(cls, path: tuple[PathPart, ...], key: str) -> Edit:
        """Give a key another name."""
        return cls(kind=EditKind.RENAME, path=path, key=key)

    @classmethod
    def remove(cls, path: tuple[PathPart, ...]) -> Edit:
        """Take an entry out."""
        return cls(kind=EditKind.REMOVE, path=path)

    @classmethod
    def insert(cls, path: tuple[PathPart, ...], key: str, value: Any) -> Edit:
        """Add an entry to a mapping."""
        return cls(kind=EditKind.INSERT, path=path, key=key, value=value)
