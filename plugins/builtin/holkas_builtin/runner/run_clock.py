"""The time of a run: it stands still while no process carries the run out."""

from __future__ import annotations

import time
from collections.abc import Sequence


class RunClock:
    """Seconds since the epoch, less those in which the run was dead. Time-outs count by it."""

    def __init__(self, dead: Sequence[tuple[float, float]] = ()) -> None:
        """``dead``: stretches in which nobody carried the run out, oldest first, as (from, until)."""
        self._dead = [(since, max(since, until)) for since, until in dead]

    def now(self) -> float:
        """The run's time now."""
        return self.at(time.time())

    def at(self, moment: float) -> float:
        """The run's time at a moment of the day."""
        return moment - sum(until - since for since, until in self._dead if since < moment)
