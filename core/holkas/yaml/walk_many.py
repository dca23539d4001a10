"""Finds many nodes of a text in one pass over its events; see :mod:`holkas.yaml.walk` for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holkas.model.path import PathPart
from holkas.yaml.events import read_events
from holkas.yaml.limits import DEFAULT_LIMITS
from holkas.yaml.next_event import NextEvent
from holkas.yaml.walk import Finder, Found

Wanted = list[tuple[int, Sequence[PathPart]]]
"""Slots of the answer with their paths."""


def find_each(text: str, wanted: Sequence[tuple[int, Sequence[PathPart]]]) -> list[Found | None]:
    """The node of each document number and path, as :func:`holkas.yaml.walk.find` gives it, in the same order.

    Raises YamlError and ruamel's YAMLError where the text cannot be read to the end of the last document asked for.
    """

    def read(get: NextEvent) -> list[Found | None]:
        from ruamel.yaml.events import DocumentStartEvent

        by_document: dict[int, Wanted] = {}
        for slot, (document, path) in enumerate(wanted):
            by_document.setdefault(document, []).append((slot, path[: DEFAULT_LIMITS.depth]))
        finder = ManyFinder(get, len(wanted))
        index = -1
        while by_document and (event := get()) is not None:
            if type(event) is DocumentStartEvent:
                index += 1
                if index in by_document:
                    finder.nodes(get(), None, by_document.pop(index), 0)
        return finder.found

    return read_events(text, read)


class ManyFinder(Finder):
    """Descends into every entry that somebody asks for. found: by slot."""

    def __init__(self, get: NextEvent, count: int) -> None:
        super().__init__(get)
        self.found: list[Found | None] = [None] * count

    def nodes(self, event: Any, key: Any, wanted: Wanted, depth: int) -> None:
        """Find what stands at or below a node; all its events are read."""
        groups: dict[PathPart, Wanted] = {}
        here: list[int] = []
        for slot, path in wanted:
            if len(path) > depth:
                groups.setdefault(path[depth], []).append((slot, path))
            else:
                here.append(slot)
        start_end = event.end_mark.index
        missing = None
        if not groups or not isinstance(event, self._starts):
            end = self._skip(event)
        elif isinstance(event, self._mapping_start):
            end, missing = self._entries(groups, depth)
        else:
            end = self._items(groups, depth)
        if here:
            exact = self._found(event, key, end, exact=True)
            for slot in here:
                self.found[slot] = exact
        if groups:
            nearest = missing or self._found(event, key, start_end, exact=False)
            for group in groups.values():
                for slot, _ in group:
                    self.found[slot] = nearest

    def _entries(self, groups: dict[PathPart, Wanted], depth: int) -> tuple[int, Found | None]:
        """Go through a mapping; ``groups`` keeps what it does not have, which a merge may bring."""
        merge: Found | None = None
        while not isinstance(key := self._get(), self._ends):
            named = self._name(key)
            self._skip(key)
            value = self._get()
            group = groups.pop(named, None) if named is not None else None
            if group is not None:
                self.nodes(value, key, group, depth + 1)
                continue
            if named == "<<" and not key.style:
                merge = self._found(value, key, value.end_mark.index, exact=False)
            self._skip(value)
        end: int = key.end_mark.index
        return end, merge

    def _items(self, groups: dict[PathPart, Wanted], depth: int) -> int:
        count = 0
        while not isinstance(item := self._get(), self._ends):
            group = groups.pop(count, None)
            if group is not None:
                self.nodes(item, None, group, depth + 1)
            else:
                self._skip(item)
            count += 1
        end: int = item.end_mark.index
        return end
