"""What happens in a run, first written down, then told to whoever follows it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.errors import StateUnusable
from holkas.state.masking import Masker
from holkas.state.store import Store

_NAMES = frozenset({"name", "taskrun", "pipeline_task", "tasks", "finally_tasks", "steps", "log"})
"""Data by which runs, tasks, steps and their files are found: written in the file for everybody to read, not masked."""


class Journal:
    """Writes a run's events to the store and hands them to followers. Safe for threads; secrets are masked here."""

    def __init__(self, store: Store, run_id: str, masker: Masker) -> None:
        self._store = store
        self._run_id = run_id
        self.masker = masker
        self._followers: list[queue.SimpleQueue[RunEvent]] = []
        self._lock = threading.Lock()
        self._told: list[RunEvent] = []

    def tell(self, kind: RunEventKind, /, *, task: str = "", step: str = "", **data: Any) -> RunEvent:
        """Record an event and tell it. Text of steps (LOG) is told but not stored: it has its file."""
        event = self._event(kind, task, step, data)
        if kind is not RunEventKind.LOG:
            self._store.add_event(event)
        self._spread(event)
        return event

    def finish(self, *, status: str, reason: str, message: str, results: dict[str, Any]) -> None:
        """Record the end of the run; where the store fails now, those who follow hear of both."""
        data = {"status": status, "reason": reason, "message": message, "results": results}
        event = self._event(RunEventKind.RUN_FINISHED, "", "", data)
        try:
            self._store.finish_run(event, status=status, reason=reason, message=str(event.data["message"]))
        except StateUnusable as error:
            self._spread(self._event(RunEventKind.NOTE, "", "", {"text": str(error), "level": "warning"}))
        self._spread(event)

    def follow(self) -> Iterator[RunEvent]:
        """Events from the first on, until RUN_FINISHED."""
        mailbox: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        with self._lock:
            for event in self._told:
                mailbox.put(event)
            self._followers.append(mailbox)
        while True:
            event = mailbox.get()
            yield event
            if event.kind is RunEventKind.RUN_FINISHED:
                return

    def _event(self, kind: RunEventKind, task: str, step: str, data: dict[str, Any]) -> RunEvent:
        masked = data if kind is RunEventKind.LOG or not self.masker else self._masked(data)
        return RunEvent(time=time.time(), kind=kind, run=self._run_id, task=task, step=step, data=masked)

    def _masked(self, data: dict[str, Any]) -> dict[str, Any]:
        return {key: item if key in _NAMES else self.masker.mask_json(item) for key, item in data.items()}

    def _spread(self, event: RunEvent) -> None:
        with self._lock:
            if event.kind is not RunEventKind.LOG:
                self._told.append(event)
            for mailbox in self._followers:
                mailbox.put(event)
