"""Durations in documents that were decoded already."""

from __future__ import annotations

from typing import Any

from holkas.model.duration import DurationError, parse_duration

HOUR = 3_600_000_000_000


def nanoseconds(value: Any) -> int | None:
    """Nanoseconds of a duration such as ``1h30m``; None if there is none or it cannot be read."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return parse_duration(value)
    except DurationError:
        return None
