"""What happens in a run, first written down, then told to whoever follows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.errors import StateUnusable
from holkas.state.masking import Masker
from holkas.state.store import Store

_NAMES = frozenset({"name", "taskrun", "pipeline_task", "tasks", "finally_tasks", "steps", "log"})
"""Data by which runs, tasks, steps and their files are found: written in the file for everybody to read, not masked."""

_BEGINNING = 200
"""Events of a run that are kept for its first follower."""

_PACE = 0.02
"""Seconds in which a follower takes what comes at once: to be woken for every event costs the run a change of thread."""


class Journal:
    """Writes a run's events to the store and hands them to followers, in one order. Safe for threads.

    A commit costs about as much as starting a process does. So what has happened and calls for no act may be held, for
    a moment, until the same task has more to tell: both are written together.
    Secrets are masked here. Only the beginning is kept in memory, so that who follows at once misses no output;
    whoever comes later is given what the store has.
    """

    def __init__(self, store: Store, run_id: str, masker: Masker, *, goes_on: bool = False) -> None:
        """``goes_on``: the store has events of the run already."""
        self._store = store
        self._run_id = run_id
        self.masker = masker
        self._followers: list[_Mailbox] = []
        self._lock = threading.Lock()
        self._beginning: list[RunEvent] | None = None if goes_on else []
        self._end: RunEvent | None = None
        self._held: dict[str, list[RunEvent]] = {}

    def tell(
        self,
        kind: RunEventKind,
        /,
        *,
        task: str = "",
        step: str = "",
        kept: Mapping[str, Any] | None = None,
        then: Callable[[], None] | None = None,
        **data: Any,
    ) -> RunEvent:
        """Record an event and tell it. Text of steps (LOG) is told but not stored: it has its file.

        kept: what is stored with it and told to nobody. then: called when it is recorded, in the order of recording.
        """
        event = self._event(kind, task, step, data)
        with self._lock:
            held = self._held.pop(task, ())
            if kind is not RunEventKind.LOG:
                self._record([*held, event if kept is None else self._whole(event, kept)])
            elif held:
                self._record(held)
            if then is not None:
                then()
            self._spread([*held, event])
        return event

    def hold(self, kind: RunEventKind, /, *, task: str, step: str = "", **data: Any) -> None:
        """As :meth:`tell`, but recorded and told with the task's next event, or with :meth:`release`."""
        event = self._event(kind, task, step, data)
        with self._lock:
            self._held.setdefault(task, []).append(event)

    def release(self, older_than: float = 0.0) -> None:
        """Record and tell what has been held for so many seconds."""
        if not self._held:
            return
        limit = time.time() - older_than
        with self._lock:
            due = [task for task, events in self._held.items() if events[0].time <= limit]
            events = [event for task in due for event in self._held[task]]
            self._record(events)
            for task in due:
                del self._held[task]
            self._spread(events)

    def finish(self, *, status: str, reason: str, message: str, results: dict[str, Any]) -> None:
        """Record the end of the run; where the store fails now, those who follow hear of both."""
        data = {"status": status, "reason": reason, "message": message, "results": results}
        event = self._event(RunEventKind.RUN_FINISHED, "", "", data)
        with self._lock:
            self._end = event
            held = [each for events in self._held.values() for each in events]
            self._held.clear()
            try:
                self._record(held)
                self._store.finish_run(
                    event, status=status, reason=reason, message=str(event.data["message"])
                )
            except StateUnusable as error:
                held.append(self._event(RunEventKind.NOTE, "", "", {"text": str(error), "level": "warning"}))
            self._spread([*held, event])

    def follow(self) -> Iterator[RunEvent]:
        """Events from the first on, until RUN_FINISHED; a late follower gets the steps' text only from now on."""
        mailbox = _Mailbox()
        with self._lock:
            mailbox.put(self._past())
            self._followers.append(mailbox)
        try:
            while True:
                mailbox.filled.wait()
                with self._lock:
                    events = mailbox.take()
                for event in events:
                    yield event
                    if event.kind is RunEventKind.RUN_FINISHED:
                        return
                mailbox.ended.wait(_PACE)
        finally:
            with self._lock:
                self._followers.remove(mailbox)

    def _past(self) -> list[RunEvent]:
        if self._beginning is not None:
            return self._beginning
        past = [event for _, event in self._store.events(self._run_id)]
        if self._end is not None and (not past or past[-1].kind is not RunEventKind.RUN_FINISHED):
            past.append(self._end)  # the store could not take it
        return past

    def _event(self, kind: RunEventKind, task: str, step: str, data: dict[str, Any]) -> RunEvent:
        masked = data if kind is RunEventKind.LOG or not self.masker else self._masked(data)
        return RunEvent(time=time.time(), kind=kind, run=self._run_id, task=task, step=step, data=masked)

    def _whole(self, event: RunEvent, kept: Mapping[str, Any]) -> RunEvent:
        return replace(event, data={**event.data, "kept": self.masker.mask_json(kept)})

    def _masked(self, data: dict[str, Any]) -> dict[str, Any]:
        return {key: item if key in _NAMES else self.masker.mask_json(item) for key, item in data.items()}

    def _record(self, events: Sequence[RunEvent]) -> None:
        if events:
            self._store.add_event(*events)

    def _spread(self, events: Sequence[RunEvent]) -> None:
        if self._beginning is not None:
            self._beginning += events
            if len(self._beginning) > _BEGINNING:
                self._beginning = None
        for mailbox in self._followers:
            mailbox.put(events)


class _Mailbox:
    """Events that a follower has not seen yet. ``filled``: there are some. ``ended``: the run's last is among them."""

    __slots__ = ("_events", "ended", "filled")

    def __init__(self) -> None:
        self._events: list[RunEvent] = []
        self.filled = threading.Event()
        self.ended = threading.Event()

    def put(self, events: Sequence[RunEvent]) -> None:
        """Add events."""
        if not events:
            return
        self._events += events
        if events[-1].kind is RunEventKind.RUN_FINISHED:
            self.ended.set()
        if not self.filled.is_set():
            self.filled.set()

    def take(self) -> list[RunEvent]:
        """All that there are."""
        events, self._events = self._events, []
        self.filled.clear()
        return events
