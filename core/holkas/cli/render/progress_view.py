"""What every way of showing progress does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from holkas.model.run_event import RunEvent

Summary = Literal["always", "failure", "never"]


class ProgressView(Protocol):
    """Shows events as they come. ``summary`` says when the end is told in words: always, failure or never."""

    summary: Summary

    def events(self, events: Iterable[RunEvent]) -> None:
        """Show events that are known together, with one write: each lets another thread in, the run's own for one."""

    def close(self) -> None:
        """The run is over: leave the terminal as it was."""
