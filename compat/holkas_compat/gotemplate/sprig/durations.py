"""Durations, which unlike dates need no clock. Source: sprig's documentation, "Date Functions"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas.model.duration import DurationError, duration_text, parse_duration

from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.casting import wrapped
from holkas_compat.gotemplate.values import Int64

_SECOND = 1_000_000_000
_UNITS = (("y", 31_536_000), ("mo", 2_592_000), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
"""Seconds; a month has 30 days and a year 365."""
_NUMBER = re.compile("[+-]?[0-9]{1,30}")


def duration(seconds: Any) -> str:
    """So many seconds as Go writes a duration; nothing for what is neither a text nor an int64."""
    count = 0
    if isinstance(seconds, Int64):
        count = int(seconds)
    elif isinstance(seconds, str) and _NUMBER.fullmatch(seconds):
        count = min(max(int(seconds), -(2**63)), 2**63 - 1)
    return duration_text(wrapped(count * _SECOND))


def rounded(given: Any) -> str:
    """``durationRound``: a duration in the largest unit of which it has more than one."""
    size = 0
    if isinstance(given, Int64):
        size = abs(int(given))
    elif isinstance(given, str):
        try:
            size = abs(parse_duration(given))
        except DurationError:
            size = 0
    for unit, seconds in _UNITS:
        if size > seconds * _SECOND:
            return f"{size // (seconds * _SECOND)}{unit}"
    return "0s"


DURATIONS: Mapping[str, Function] = {
    "duration": function(duration, "any"),
    "durationRound": function(rounded, "any"),
}
"""Name → function."""
