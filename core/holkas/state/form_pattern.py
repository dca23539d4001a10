"""Looks for many texts at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import groupby

_DEPTH = 3
"""Bytes that are looked at one by one before whole texts are compared; every text is longer."""


def form_pattern(forms: Collection[bytes]) -> re.Pattern[bytes] | None:
    """A pattern that finds the longest of the texts at the first place where one begins; None for no texts."""
    return re.compile(_branches(sorted(forms), 0)) if forms else None


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
