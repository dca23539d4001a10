"""Progress as lines, for logs and pipes: what happens as it happens, output of steps with its task and step before it."""

from __future__ import annotations

from typing import TextIO

from holkas.cli.render.outcome_words import origin_words, skip_words
from holkas.cli.render.printable import printable
from holkas.cli.render.progress_view import Summary
from holkas.model.run_event import RunEvent, RunEventKind


class PlainProgress:
    """Writes a line an event. ``show_log`` also writes what the steps print."""

    summary: Summary = "always"

    def __init__(self, out: TextIO, *, show_log: bool = True) -> None:
        self._out = out
        self._show_log = show_log

    def event(self, event: RunEvent) -> None:
        """Show an event."""
        data = event.data
        where = data.get("pipeline_task") or event.task
        if event.kind is RunEventKind.LOG:
            if self._show_log:
                for line in data["text"].split("\n"):
                    self._say(f"[{event.task} : {event.step}] {printable(line)}")
        elif event.kind is RunEventKind.NOTE:
            prefix = "warning: " if data.get("level") == "warning" else "note: "
            self._say(prefix + printable(data.get("text", "")))
        elif event.kind is RunEventKind.TASK_STARTED:
            attempt = f" (attempt {data['attempt'] + 1})" if data.get("attempt") else ""
            self._say(f"▶ {event.task}{attempt}")
        elif event.kind is RunEventKind.TASK_FINISHED:
            mark = "✔" if data.get("status") == "True" else "✘"
            self._say(f"{mark} {event.task}  {data.get('reason', '')}{origin_words(data.get('origin', ''))}")
        elif event.kind is RunEventKind.TASK_SKIPPED:
            self._say(f"○ {where}  {skip_words(data.get('reason', ''))}")
        elif event.kind is RunEventKind.RUN_RESUMED:
            self._say("! the run goes on after its process died")
        elif event.kind is RunEventKind.CANCEL_REQUESTED:
            self._say(f"! cancelling ({data.get('mode', '')})")

    def close(self) -> None:
        """Nothing is left to do."""

    def _say(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()
