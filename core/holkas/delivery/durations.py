"""Durations as people write them: ``10m``, ``1h30m``, ``2d``."""

from __future__ import annotations

import re

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
PATTERN = r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"
"""What a duration looks like, for schemas."""


def seconds_of(text: str) -> float:
    """Seconds. Raises ValueError for anything else than numbers with units."""
    if not re.match(PATTERN, text):
        raise ValueError(f"{text!r} is no duration: write 10m, 1h30m or 2d")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
