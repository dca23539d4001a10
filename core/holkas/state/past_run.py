"""What the events of a run tell a process that goes on with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from holkas.model.record import Condition
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.model.run_request import CancelMode
from holkas.records import dataclass

Key = tuple[str, str]
"""A child run: the tasks that lead to its pipeline (``a/b``; empty at the top), and its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """An attempt of a task run that ended. ``kept`` is what :mod:`holkas.state.outcome_form` made of it, and more.

    place: its place among all that ended in the run. time: when, in seconds since the epoch.
    """

    task: str
    pipeline_task: str
    condition: Condition
    results: Mapping[str, Any]
    retried: bool
    place: int
    time: float
    origin: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class PastRun:
    """A run up to the moment at which its process died, or ended it.

    pipeline: what the pipeline is called. attempts: of each child run, oldest first.
    pipelines: place and time of the end of pipelines inside the pipeline.
    handed_on: results of pipelines inside the pipeline, by the task of the run's own pipeline that they are.
    skipped: how often each task was told to be skipped. wishes: that the run end, with their places and times.
    unfinished: task runs that had begun and not ended, in their order, with the logs of the attempt that broke off.
    last: time of the last event. dead: when nobody carried the run out, as (from, until).
    """

    id: str = ""
    pipeline: str = ""
    announced: bool = False
    finished: bool = False
    attempts: dict[Key, list[PastAttempt]] = field(default_factory=dict)
    pipelines: dict[Key, tuple[int, float]] = field(default_factory=dict)
    handed_on: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    wishes: list[tuple[int, float, CancelMode]] = field(default_factory=list)
    unfinished: dict[str, list[str]] = field(default_factory=dict)
    started: float = 0.0
    last: float = 0.0
    dead: list[tuple[float, float]] = field(default_factory=list)

    @classmethod
    def of(cls, run_id: str, events: Iterable[RunEvent]) -> PastRun:
        """The run that these events tell of."""
        past = cls(id=run_id)
        for place, event in enumerate(events):
            past._apply(place, event)
        return past

    def ended(self, key: Key) -> bool:
        """Whether a child run ended for good."""
        attempts = self.attempts.get(key)
        return key in self.pipelines or (attempts is not None and not attempts[-1].retried)

    def results_of(self, task: str) -> Mapping[str, Any]:
        """What a task of the run's own pipeline emitted, those of a matrix together; empty where it did not succeed.

        Results with a secret in them are not among them: the store has not got them.
        """
        if task in self.handed_on:
            return self.handed_on[task]
        last = [
            attempts[-1]
            for (path, _), attempts in sorted(self.attempts.items())
            if not path and attempts[-1].pipeline_task == task
        ]
        if not all(attempt.condition.succeeded and "private" not in attempt.kept for attempt in last):
            return {}
        if len(last) == 1 and last[0].kept.get("combination") is None:
            return last[0].results
        together: dict[str, list[str]] = {}
        for attempt in last:
            for name, value in attempt.results.items():
                together.setdefault(name, []).append(value if isinstance(value, str) else "")
        return together

    def _apply(self, place: int, event: RunEvent) -> None:
        data = event.data
        path = str(data.get("kept", {}).get("path", ""))
        if event.kind is RunEventKind.RUN_STARTED:
            self.announced, self.started = True, event.time
            self.pipeline = str(data.get("pipeline", ""))
        elif event.kind is RunEventKind.TASK_STARTED:
            self.unfinished[event.task] = []
        elif event.kind is RunEventKind.STEP_STARTED and event.task in self.unfinished:
            self.unfinished[event.task].append(str(data.get("log", "")))
        elif event.kind is RunEventKind.TASK_FINISHED:
            self.unfinished.pop(event.task, None)
            self._attempt(place, event, path)
        elif event.kind is RunEventKind.PIPELINE_FINISHED:
            self.pipelines[path, event.task] = (place, event.time)
            if not path and data.get("status") == "True":
                self.handed_on[str(data.get("pipeline_task", ""))] = data.get("kept", {}).get("results", {})
        elif event.kind is RunEventKind.TASK_SKIPPED:
            self.skipped[event.task, str(data.get("reason", ""))] += 1
        elif event.kind is RunEventKind.CANCEL_REQUESTED:
            self.wishes.append((place, event.time, CancelMode(data.get("mode", CancelMode.CANCELLED))))
        elif event.kind is RunEventKind.RUN_RESUMED:
            self.dead.append((self.last, event.time))
        elif event.kind is RunEventKind.RUN_FINISHED:
            self.finished = True
        self.last = event.time

    def _attempt(self, place: int, event: RunEvent, path: str) -> None:
        data = event.data
        attempt = PastAttempt(
            task=event.task,
            pipeline_task=str(data.get("pipeline_task", "")),
            condition=Condition(
                status=str(data.get("status", "")),
                reason=str(data.get("reason", "")),
                message=str(data.get("message", "")),
            ),
            results=data.get("results", {}),
            retried=bool(data.get("retried")),
            place=place,
            time=event.time,
            origin=str(data.get("origin", "")),
            kept=data.get("kept", {}),
        )
        number = int(attempt.kept.get("attempt", 0))
        # A task that was run again, because it had changed, begins anew with its first attempt.
        earlier = self.attempts.get((path, event.task), [])[:number]
        self.attempts[path, event.task] = [*earlier, attempt]
