"""Keys that were not written as strings.

Go tells the keys ``1`` and ``'1'`` apart while it looks for duplicates, and only then makes both the string "1". So for
each mapping with such keys it is kept what they were.
"""

from __future__ import annotations

from typing import Any


def _identity(key: Any) -> tuple[type, Any]:
    """Equal for what Go calls the same key; not-a-number equals nothing."""
    return (type(key), key)


class OddKeys:
    """What the keys of a text's mappings were, where they were anything but strings."""

    __slots__ = ("_of",)

    def __init__(self) -> None:
        # By identity, with the mapping itself so that it lives as long as its entry.
        self._of: dict[int, tuple[dict[str, Any], dict[str, set[tuple[type, Any]]]]] = {}

    def add(self, mapping: dict[str, Any], name: str, key: Any) -> None:
        """``key``, which is not a string, becomes ``name`` in ``mapping``."""
        kinds = self._of.setdefault(id(mapping), (mapping, {}))[1]
        kinds.setdefault(name, {(str, name)} if name in mapping else set()).add(_identity(key))

    def clash(self, mapping: dict[str, Any], name: str, key: Any) -> bool:
        """Whether ``key`` is the same key as the one that is ``name`` in ``mapping`` already."""
        return _identity(key) in self._kinds(mapping, name)

    def overlap(self, one: dict[str, Any], other: dict[str, Any], name: str) -> bool:
        """Whether both mappings have the same key as ``name``."""
        return not self._kinds(one, name).isdisjoint(self._kinds(other, name))

    def carry(self, source: dict[str, Any], target: dict[str, Any], name: str) -> None:
        """``name`` is about to be merged from ``source`` into ``target``."""
        if self._of and (id(source) in self._of or id(target) in self._of):
            for kind, key in self._kinds(source, name):
                if kind is not str or name in target:
                    self.add(target, name, key)

    def copy(self, value: Any) -> Any:
        """A deep copy of a value, so that changing one alias's content changes no other's."""
        if isinstance(value, list):
            return [self.copy(item) if isinstance(item, dict | list) else item for item in value]
        if not isinstance(value, dict):
            return value
        twin = {
            name: self.copy(item) if isinstance(item, dict | list) else item for name, item in value.items()
        }
        if id(value) in self._of:
            kinds = self._of[id(value)][1]
            self._of[id(twin)] = (twin, {name: set(known) for name, known in kinds.items()})
        return twin

    def _kinds(self, mapping: dict[str, Any], name: str) -> set[tuple[type, Any]]:
        known = self._of.get(id(mapping))
        kinds = known[1].get(name) if known else None
        return kinds if kinds is not None else {(str, name)}
