"""Runs that a build server has accepted and not begun."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRun:
    """A waiting run. ``since``: seconds since the epoch. ``reason``: what it waits for, one sentence or
    empty."""

    run_id: str
    name: str
    since: float
    reason: str = ""
