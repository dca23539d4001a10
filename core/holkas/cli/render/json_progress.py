"""Progress as JSON lines: one event a line, for machines (``--progress json``)."""

from __future__ import annotations

import json
from typing import TextIO

from holkas.cli.render.progress_view import Summary
from holkas.model.run_event import RunEvent


class JsonProgress:
    """Writes ``{"time", "event", "run", "task", "step", "data"}`` for every event, log text included."""

    summary: Summary = "never"

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def event(self, event: RunEvent) -> None:
        """Show an event."""
        line = {
            "time": event.time,
            "event": event.kind.value,
            "run": event.run,
            "task": event.task,
            "step": event.step,
        }
        self._out.write(json.dumps({**line, "data": dict(event.data)}) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to do."""


class QuietProgress:
    """Says nothing, unless the run fails (``--progress quiet``)."""

    summary: Summary = "failure"

    def event(self, event: RunEvent) -> None:
        """Take an event and keep still."""

    def close(self) -> None:
        """Nothing is left to do."""
