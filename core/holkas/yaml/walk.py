"""Finds one node of one document again, with its place in the text, from the events alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass
from holkas.yaml.events import read_events
from holkas.yaml.limits import DEFAULT_LIMITS
from holkas.yaml.next_event import NextEvent
from holkas.yaml.scalars import ScalarError, scalar_name


@dataclass(frozen=True, slots=True)
class Found:
    """Where a node stands, as offsets into the text.

    exact: the whole path was found; otherwise this is its nearest ancestor, or the ``<<`` that brings it in.
    key: start and end of the mapping key that leads to the node, None for sequence items and the root.
    scalar: the node is one, written in ``style`` (``'``, ``"``, ``|``, ``>`` or nothing).
    """

    exact: bool
    key: tuple[int, int] | None
    start: int
    end: int
    scalar: bool
    block: bool
    style: str


def find(text: str, document: int, path: Sequence[PathPart]) -> Found | None:
    """The node at ``path`` of document number ``document``, or the nearest ancestor that exists.

    Of keys that are written twice, the first is taken. None if there is no such document. Raises YamlError and
    ruamel's YAMLError where the text cannot be read so far.
    """
    return read_events(text, lambda get: _find(get, document, list(path)))


def _find(get: NextEvent, document: int, path: list[PathPart]) -> Found | None:
    from ruamel.yaml import events

    index = -1
    while index < document:
        event = get()
        if event is None:
            return None
        index += type(event) is events.DocumentStartEvent
    return Finder(get).node(get(), path[: DEFAULT_LIMITS.depth])


class Finder:
    """Goes through the events of one document; ``node`` looks for one path."""

    def __init__(self, get: NextEvent) -> None:
        from ruamel.yaml import events

        self._get = get
        self._mapping_start = events.MappingStartEvent
        self._starts = (events.MappingStartEvent, events.SequenceStartEvent)
        self._ends = (events.MappingEndEvent, events.SequenceEndEvent)
        self._scalar = events.ScalarEvent

    def node(self, event: Any, path: list[PathPart]) -> Found | None:
        """Descend along the path; the events after the node are not read."""
        here: Found | None = None
        key: Any = None
        while path and isinstance(event, self._starts):
            here = self._found(event, key, event.end_mark.index, exact=False)
            is_mapping = isinstance(event, self._mapping_start)
            step = self._entry(path[0]) if is_mapping else self._item(path[0])
            if step is None:
                return here
            key, event, exact = step
            if not exact:
                return self._found(event, key, event.end_mark.index, exact=False)
            path = path[1:]
        if path or event is None:
            return self._found(event, key, event.end_mark.index, exact=False) if event is not None else here
        end = self._skip(event)
        return self._found(event, key, end, exact=True)

    def _entry(self, name: PathPart) -> tuple[Any, Any, bool] | None:
        """Key and value events of the entry; not exact where only a merge can bring it."""
        merge: tuple[Any, Any, bool] | None = None
        while not isinstance(key := self._get(), self._ends):
            named = self._name(key)
            self._skip(key)
            value = self._get()
            if named == name:
                return key, value, True
            if named == "<<" and not key.style:
                merge = key, value, False
            self._skip(value)
        return merge

    def _item(self, number: PathPart) -> tuple[None, Any, bool] | None:
        count = 0
        while not isinstance(item := self._get(), self._ends):
            if count == number:
                return None, item, True
            count += 1
            self._skip(item)
        return None

    def _name(self, key: Any) -> str | None:
        if not isinstance(key, self._scalar):
            return None
        try:
            return scalar_name(key)
        except ScalarError:
            return None

    def _skip(self, event: Any) -> int:
        """Read to the end of the node that ``event`` begins; the offset where it ends."""
        if isinstance(event, self._starts):
            event = self._end_of_collection()
        end: int = event.end_mark.index
        return end

    def _end_of_collection(self) -> Any:
        """The event that ends the collection whose beginning was read."""
        from ruamel.yaml.error import YAMLError

        depth = 1
        while depth:
            event = self._get()
            if isinstance(event, self._scalar):
                continue
            if isinstance(event, self._ends):
                depth -= 1
            elif isinstance(event, self._starts):
                depth += 1
                if depth > DEFAULT_LIMITS.depth:
                    raise YAMLError("too deep")  # parsers crawl through 100 000 brackets
        return event

    def _found(self, event: Any, key: Any, end: int, *, exact: bool) -> Found:
        container = isinstance(event, self._starts)
        return Found(
            exact=exact,
            key=(key.start_mark.index, key.end_mark.index) if key is not None else None,
            start=event.start_mark.index,
            end=end,
            scalar=isinstance(event, self._scalar),
            block=container and not event.flow_style,
            style=(getattr(event, "style", None) or "") if not container else "",
        )
