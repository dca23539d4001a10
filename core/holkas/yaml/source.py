"""A text with a name, and the documents in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file and the name under which the user knows it (``<stdin>`` for standard input)."""

    name: str
    data: bytes

    @classmethod
    def read(cls, path: Path | str) -> Source:
        """Read a file. Raises OSError."""
        return cls(str(path), Path(path).read_bytes())


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document as plain dicts, lists, strings, numbers, booleans and None.

    index: its number in the source, from 0, empty documents not counted out.
    """

    source: Source
    index: int
    value: Any
