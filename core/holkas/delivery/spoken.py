"""Durations for people."""

from __future__ import annotations


def spoken(seconds: float) -> str:
    """A duration for people, in its two greatest units: ``2d 3h``, ``5m``, ``0s``."""
    left = max(0, round(seconds))
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
            if not left or len(parts) == 2:
                break
    return " ".join(parts) or "0s"
