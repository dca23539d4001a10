"""Looks for many texts at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import groupby

_DEPTH = 3
"""Bytes that are looked at one by one before whole texts are compared; every text is longer."""


_LONGEST = 512
"""Bytes of a text that becomes part of a pattern; compiling takes a microsecond a byte, and a secret may have a MiB."""


class Finder:
    """Finds the longest of some texts wherever one begins. Safe for threads. The pattern is made when it is needed."""

    __slots__ = ("_long", "_pattern", "_short")

    def __init__(self, texts: Collection[bytes]) -> None:
        self._short = sorted(text for text in texts if len(text) <= _LONGEST)
        self._pattern: re.Pattern[bytes] | None = None
        self._long = [text for text in texts if len(text) > _LONGEST]

    def spans(self, data: bytes) -> list[tuple[int, int]]:
        """Start and end of each; those of different texts may overlap."""
        found = [match.span() for match in self._matches(data)] if self._short else []
        for text in self._long:
            place = data.find(text)
            while place >= 0:
                found.append((place, place + len(text)))
                place = data.find(text, place + len(text))
        return found

    def _matches(self, data: bytes) -> Iterable[re.Match[bytes]]:
        if self._pattern is None:
            self._pattern = re.compile(_branches(self._short, 0))
        return self._pattern.finditer(data)


def _branches(forms: list[bytes], depth: int) -> bytes:
    """A tree over the first bytes: a list of alternatives would be tried one after the other at every place."""
    if depth == _DEPTH:
        rests = sorted({form[depth:] for form in forms}, key=lambda rest: (-len(rest), rest))
        return b"(?:" + b"|".join(map(re.escape, rests)) + b")"
    groups = groupby(forms, key=lambda form: form[depth : depth + 1])
    branches = [re.escape(first) + _branches(list(group), depth + 1) for first, group in groups]
    return b"(?:" + b"|".join(branches) + b")"


def begun(forms: Collection[bytes], data: bytes, start: int) -> int:
    """Where, at ``start`` or after it, the first text begins that the end of ``data`` cuts off; else the length."""
    first = len(data)
    for form in forms:
        place = data.find(form[:1], max(start, len(data) - len(form) + 1), first)
        while place >= 0:
            if form.startswith(data[place:]):
                first = place
                break
            place = data.find(form[:1], place + 1, first)
    return first
