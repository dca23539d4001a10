"""Progress as JSON lines: one event a line, for machines (``--progress json``)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from holkas.cli.render.progress_view import Summary
from holkas.model.run_event import RunEvent


class JsonProgress:
    """Writes ``{"time", "event", "run", "task", "step", "data"}`` for every event, log text included."""

    summary: Summary = "never"

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def events(self, events: Iterable[RunEvent]) -> None:
        """Show events."""
        self._out.write("".join(f"{_line(event)}\n" for event in events))
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to do."""


def _line(event: RunEvent) -> str:
    return json.dumps(
        {
            "time": event.time,
            "event": event.kind.value,
            "run": event.run,
            "task": event.task,
            "step": event.step,
            "data": dict(event.data),
        }
    )


class QuietProgress:
    """Says nothing, unless the run fails (``--progress quiet``)."""

    summary: Summary = "failure"

    def events(self, events: Iterable[RunEvent]) -> None:
        """Take events and keep still."""

    def close(self) -> None:
        """Nothing is left to do."""
