"""Which resources changed after which: so that who looks again need not look at everything."""

from __future__ import annotations

from collections import OrderedDict
from secrets import token_hex

from holkas.extensions.target import Changes
from holkas.model.resource import ResourceKey

_KEPT = 100_000
"""Changes that are remembered; who asks for older ones has to look at everything."""


class ChangeLog:
    """The last change of each resource. Not safe for threads: its owner locks."""

    def __init__(self) -> None:
        self._life = token_hex(8)
        self._number = 0
        self._forgotten = 0
        self._last: OrderedDict[ResourceKey, int] = OrderedDict()

    def note(self, key: ResourceKey) -> None:
        """A resource was written, or is gone."""
        self._number += 1
        self._last[key] = self._number
        self._last.move_to_end(key)
        if len(self._last) > _KEPT:
            _, self._forgotten = self._last.popitem(last=False)

    def since(self, mark: str) -> Changes:
        """What changed after a mark of this log; everything for a mark of another one."""
        now = f"{self._life}:{self._number}"
        life, _, text = mark.partition(":")
        number = int(text) if life == self._life and text.isdigit() else -1
        if number < self._forgotten:
            return Changes(mark=now)
        found = []
        for key in reversed(self._last):
            if self._last[key] <= number:
                break
            found.append(key)
        return Changes(mark=now, keys=frozenset(found))
