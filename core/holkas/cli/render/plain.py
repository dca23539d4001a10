"""Progress as lines, for logs and pipes: what happens as it happens, output of steps with its task and step before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

    def events(self, events: Iterable[RunEvent]) -> None:
        """Show events."""
        text = "".join(f"{line}\n" for event in events for line in self._lines(event))
        if text:
            self._out.write(text)
            self._out.flush()

    def _lines(self, event: RunEvent) -> Iterator[str]:
        data = event.data
        where = data.get("pipeline_task") or event.task
        if event.kind is RunEventKind.LOG:
            if self._show_log:
                for line in data["text"].split("\n"):
                    yield f"[{event.task} : {event.step}] {printable(line)}"
        elif event.kind is RunEventKind.NOTE:
            prefix = "warning: " if data.get("level") == "warning" else "note: "
            yield prefix + printable(data.get("text", ""))
        elif event.kind is RunEventKind.TASK_STARTED:
            attempt = f" (attempt {data['attempt'] + 1})" if data.get("attempt") else ""
            yield f"▶ {event.task}{attempt}"
        elif event.kind is RunEventKind.TASK_FINISHED:
            mark = "✔" if data.get("status") == "True" else "✘"
            yield f"{mark} {event.task}  {data.get('reason', '')}{origin_words(data.get('origin', ''))}"
        elif event.kind is RunEventKind.TASK_SKIPPED:
            yield f"○ {where}  {skip_words(data.get('reason', ''))}"
        elif event.kind is RunEventKind.RUN_RESUMED:
            yield "! the run goes on after its process died"
        elif event.kind is RunEventKind.CANCEL_REQUESTED:
            yield f"! cancelling ({data.get('mode', '')})"

    def close(self) -> None:
        """Nothing is left to do."""
