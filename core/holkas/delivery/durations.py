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


def spoken(seconds: float) -> str:
    """A duration for people, in its two greatest units: ``2d 3h``, ``5m``, ``0s``."""
    left = max(0, round(seconds))
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
