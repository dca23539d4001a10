"""An edit: one change of somebody's document, told by place and value, before any text is touched."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.model.finding import PathPart


class EditKind(StrEnum):
    """What is done at the place."""

    REPLACE = "replace"
    RENAME = "rename"
    REMOVE = "remove"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
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
        return cls(EditKind.REPLACE, path, value=value)

    @classmethod
    def rename(cls, path: tuple[PathPart, ...], key: str) -> Edit:
        """Give a key another name."""
        return cls(EditKind.RENAME, path, key=key)

    @classmethod
    def remove(cls, path: tuple[PathPart, ...]) -> Edit:
        """Take an entry out."""
        return cls(EditKind.REMOVE, path)

    @classmethod
    def insert(cls, path: tuple[PathPart, ...], key: str, value: Any) -> Edit:
        """Add an entry to a mapping."""
        return cls(EditKind.INSERT, path, key, value)
