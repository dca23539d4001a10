"""Where something stands in the text: found again only when it has to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from holkas.model.finding import Place
from holkas.yaml.source import Source


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of one line. line, column: from 1, in characters. length: at least 1. excerpt: the line's text."""

    line: int
    column: int
    length: int
    excerpt: str


def locate(source: Source, place: Place) -> Position:
    """Find ``place`` in its source; the nearest ancestor that exists where the path does not. Never raises."""
    raise NotImplementedError
