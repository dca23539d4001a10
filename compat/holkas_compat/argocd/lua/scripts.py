"""Scripts by the kinds that they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import TypeVar

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One script. name: for messages. open_libs: whether it gets ``string``, ``math`` and the rest."""

    text: str
    name: str
    open_libs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionScripts:
    """What may be done with a kind: ``discovery`` says which of ``actions`` (by name) are open right now."""

    discovery: Script | None = None
    actions: Mapping[str, Script] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """By ``group/kind`` (``Kind`` for the core group); ``*`` in a key stands for any text."""

    health: Mapping[str, Script] = field(default_factory=dict)
    actions: Mapping[str, ActionScripts] = field(default_factory=dict)

    def health_of(self, group: str, kind: str) -> Script | None:
        """The check of a kind: the exact one before wildcards, more text before less."""
        return _find(self.health, group, kind)

    def actions_of(self, group: str, kind: str) -> ActionScripts | None:
        """The actions of a kind, found likewise."""
        return _find(self.actions, group, kind)

    def over(self, others: Scripts) -> Scripts:
        """These scripts, and others for what these do not speak of."""
        return Scripts(health={**others.health, **self.health}, actions={**others.actions, **self.actions})


_Found = TypeVar("_Found")


def _find(found: Mapping[str, _Found], group: str, kind: str) -> _Found | None:
    name = f"{group}/{kind}" if group else kind
    exact = found.get(name)
    if exact is not None:
        return exact
    wild = sorted((key for key in found if "*" in key), key=lambda key: (-len(key), key))
    for key in wild:
        if re.fullmatch(re.escape(key).replace(r"\*", ".*"), name):
            return found[key]
    return None
