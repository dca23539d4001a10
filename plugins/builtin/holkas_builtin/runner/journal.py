"""What happens in a run, first written down, then told to whoever follows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.records import replace
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
    a moment, until the same task has more to tell: both are written together. And where one thread drives all tasks,
    ends of tasks are written together with the begin of what they let begin.
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
        self._gathers = False
        self._due: list[tuple[RunEvent, RunEvent]] = []

    def gather(self) -> None:
        """From now on ends of tasks wait for what is told next, or for :meth:`settle`.

        Whoever calls this is the only thread that acts on what has happened, and settles before it waits.
        """
        self._gathers = True

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

        kept: what is stored with it and told to nobody. then: called when it is recorded, in the order of recording, or
        when it is sure that nobody acts on it before (see :meth:`gather`).
        """
        event = self._event(kind, task, step, data)
        with self._lock:
            self._due += [(each, each) for each in self._held.pop(task, ())]
            if kind is RunEventKind.LOG:
                self._settle()
                self._spread([event])
            else:
                self._due.append((event, event if kept is None else self._whole(event, kept)))
                if not (self._gathers and kind is RunEventKind.TASK_FINISHED):
                    try:
                        self._settle()
                    except StateUnusable:
                        self._due.pop()  # whoever tells it hears that it did not work
                        raise
            if then is not None:
                then()
        return event

    def settle(self) -> None:
        """Record and tell the ends of tasks that have waited. What the store refuses waits on."""
        if self._due:
            with self._lock, suppress(StateUnusable):  # whoever is the next to tell something meets the fault
                self._settle()

    def hold(self, kind: RunEventKind, /, *, task: str, step: str = "", **data: Any) -> None:
        """As :meth:`tell`, but recorded and told with the task's next event, or with :meth:`release`."""
        event = self._event(kind, task, step, data)
        with self._lock:
            self._held.setdefault(task, []).append(event)

    def release(self, older_than: float = 0.0) -> None:
        """Record and tell what has been held for so many seconds."""
        if not (self._held or self._due):
            return
        limit = time.time() - older_than
        with self._lock:
            for task in [task for task, events in self._held.items() if events[0].time <= limit]:
                self._due += [(each, each) for each in self._held.pop(task)]
            self._settle()

    def finish(self, *, status: str, reason: str, message: str, results: dict[str, Any]) -> None:
        """Record the end of the run; where the store fails now, those who follow hear of both."""
        data = {"status": status, "reason": reason, "message": message, "results": results}
        event = self._event(RunEventKind.RUN_FINISHED, "", "", data)
        with self._lock:
            self._end = event
            self._due += [(each, each) for events in self._held.values() for each in events]
            self._held.clear()
            told = [*(each for each, _ in self._due), event]
            try:
                self._store.add_event(*(whole for _, whole in self._due))
                self._store.finish_run(
                    event, status=status, reason=reason, message=str(event.data["message"])
                )
            except StateUnusable as error:
                note = self._event(RunEventKind.NOTE, "", "", {"text": str(error), "level": "warning"})
                told.insert(-1, note)
            self._due.clear()
            self._spread(told)

    def follow(self) -> Iterator[RunEvent]:
        """Events from the first on, until RUN_FINISHED; a late follower gets the steps' text only from now on."""
        for events in self.follow_together():
            yield from events

    def follow_together(self) -> Iterator[Sequence[RunEvent]]:
        """As :meth:`follow`, with what came since the last look together."""
        mailbox = _Mailbox()
        with self._lock:
            mailbox.put(self._past())
            self._followers.append(mailbox)
        try:
            while True:
                mailbox.filled.wait()
                with self._lock:
                    events = mailbox.take()
                yield events
                if events and events[-1].kind is RunEventKind.RUN_FINISHED:
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

    def _settle(self) -> None:
        """Record what is due in one commit, then tell it."""
        if self._due:
            self._store.add_event(*(whole for _, whole in self._due))
            told = [event for event, _ in self._due]
            self._due.clear()
            self._spread(told)

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
