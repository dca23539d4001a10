"""Anchors of one document, and the budget that keeps aliases from blowing it up."""

from __future__ import annotations

from typing import Any


class Anchors:
    """What ``&name`` stands for, how many nodes that is, and how many of the document's nodes came from aliases."""

    __slots__ = ("_expanded", "_open", "_values")

    def __init__(self) -> None:
        self._values: dict[str, tuple[Any, int]] = {}
        self._open: set[str] = set()
        self._expanded = 0

    def open(self, name: str) -> None:
        """A mapping or sequence of that name has begun."""
        self._open.add(name)

    def define(self, name: str, value: Any, weight: int) -> None:
        """The node of that name is complete; ``weight`` counts the nodes in it, aliases expanded."""
        self._open.discard(name)
        self._values[name] = (value, weight)

    def problem(self, name: str) -> str:
        """Why an alias of that name leads nowhere, or nothing."""
        if name in self._open:
            return f"the node that is marked &{name} contains itself"
        return "" if name in self._values else f"no node before this one is marked &{name}"

    def value(self, name: str) -> Any:
        """What the anchor stands for."""
        return self._values[name][0]

    def weight(self, name: str) -> int:
        """How many nodes it stands for."""
        return self._values[name][1]

    def expand(self, weight: int, nodes: int) -> bool:
        """Count an alias; True if it was one too many. nodes: of the document so far, this one expanded."""
        self._expanded += weight
        return self.excessive(nodes)

    def excessive(self, nodes: int) -> bool:
        """Whether too many nodes come from aliases: go-yaml v2's ``allowedAliasRatio``."""
        if self._expanded <= 100 or nodes <= 1000:
            return False
        if nodes <= 400_000:
            allowed = 0.99
        elif nodes >= 4_000_000:
            allowed = 0.10
        else:
            allowed = 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000)
        return self._expanded / nodes > allowed
