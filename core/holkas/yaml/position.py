"""Where something stands in the text: found again only when it has to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from holkas.model.finding import Place
from holkas.yaml.errors import YamlError
from holkas.yaml.source import Source
from holkas.yaml.text import decode, line_and_column, line_text, offset_of, stream_text
from holkas.yaml.walk import Found, find


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of one line: ``line`` and ``column`` from 1, in characters, ``length`` at least 1.

    excerpt: the whole line without its end.
    """

    line: int
    column: int
    length: int
    excerpt: str


def locate(source: Source, place: Place) -> Position:
    """Find ``place`` in its source, or the nearest ancestor that exists where the path does not. Never raises.

    A mapping or sequence in block style is shown by its key, ``within`` by its first occurrence in the scalar.
    """
    from ruamel.yaml.error import YAMLError

    try:
        text = decode(source.data, source.name)
    except YamlError:
        text = source.data.decode("utf-8", "replace").removeprefix("\ufeff")
    if place.line is not None:
        start = offset_of(text, place.line, place.column or 1)
        return _position(text, start, start + max(len(place.within), 1))
    text = stream_text(text)
    try:
        found = find(text, place.document, place.path)
    except (YamlError, YAMLError):
        found = None
    if found is None:
        return _position(text, 0, 1)
    return _position(text, *_stretch(text, found, place))


def _stretch(text: str, found: Found, place: Place) -> tuple[int, int]:
    """Start and end of what is underlined."""
    if found.key is not None and (place.on_key or not found.exact or found.block or found.start == found.end):
        start, end = found.key
        if found.exact and not place.on_key and place.within and found.scalar:
            start, end = found.start, found.end
    else:
        start, end = found.start, found.end
        if found.block:
            end = start + 1
    if place.within and found.exact:
        inside = text.find(place.within, start, end)
        if inside >= 0:
            return inside, inside + len(place.within)
    return start, end


def _position(text: str, start: int, end: int) -> Position:
    line, column = line_and_column(text, start)
    excerpt = line_text(text, start)
    rest = excerpt[column - 1 :].rstrip()
    return Position(line, column, max(1, min(end - start, len(rest))), excerpt)
