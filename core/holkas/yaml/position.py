"""Where something stands in the text: found again only when it has to be shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from holkas.model.finding import Place
from holkas.records import dataclass
from holkas.yaml.errors import YamlError
from holkas.yaml.source import Source
from holkas.yaml.text import decode, line_and_column, line_starts, line_text, offset_of, stream_text
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


def locate_each(source: Source, places: Sequence[Place]) -> list[Position]:
    """As :func:`locate` for each of many places in one source, which is gone through only once. Never raises."""
    from ruamel.yaml.error import YAMLError

    from holkas.yaml.walk_many import find_each

    by_path = [index for index, place in enumerate(places) if place.line is None]
    if len(by_path) < 2:
        return [locate(source, place) for place in places]
    try:
        text = stream_text(decode(source.data, source.name))
        found = find_each(text, [(places[index].document, places[index].path) for index in by_path])
    except (YamlError, YAMLError):
        return [locate(source, place) for place in places]
    starts = line_starts(text)
    positions: dict[int, Position] = {}
    for index, node in zip(by_path, found, strict=True):
        start, end = (0, 1) if node is None else _stretch(text, node, places[index])
        line = bisect_right(starts, start)
        positions[index] = _on_line(text, start, end, line, start - starts[line - 1] + 1)
    return [positions.get(index) or locate(source, place) for index, place in enumerate(places)]


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
    return _on_line(text, start, end, *line_and_column(text, start))


def _on_line(text: str, start: int, end: int, line: int, column: int) -> Position:
    excerpt = line_text(text, start)
    rest = excerpt[column - 1 :].rstrip()
    return Position(line, column, max(1, min(end - start, len(rest))), excerpt)
