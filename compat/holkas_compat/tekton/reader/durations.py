"""Durations as Go spells them (``1h30m``, ``0s``), to seconds and back."""

from __future__ import annotations

from holkas.model.duration import duration_text
from holkas.model.duration import parse_duration as nanoseconds


def parse_duration(text: str) -> float:
    """Seconds of a duration. Raises ValueError for what Go refuses."""
    return nanoseconds(text) / 1e9


def format_duration(seconds: float) -> str:
    """A duration as Go writes it: ``1h30m0s``, ``1.5s``, ``250ms``, ``0s``."""
    return duration_text(round(seconds * 1e9))
