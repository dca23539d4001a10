"""A run as its events tell it: going on, ended or interrupted, it reads the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.records import dataclass
from holkas.state.run_summary import INTERRUPTED


@dataclass(slots=True)
class StepView:
    """A step. ``state``: waiting, running, interrupted, or how it ended (Completed, Continued, Error, Skipped …)."""

    name: str
    state: str = "waiting"
    exit_code: int | None = None
    started: float | None = None
    finished: float | None = None
    log: str = ""
    results: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class TaskView:
    """A task run, its last attempt. ``status`` as in Tekton's condition, or ``Skipped``.

    origin: empty where it ran, else whose outcome it has (``run ID``, ``cache ID``).
    """

    name: str
    pipeline_task: str = ""
    display_name: str = ""
    status: str = "Unknown"
    reason: str = "Running"
    message: str = ""
    attempt: int = 0
    started: float | None = None
    finished: float | None = None
    steps: dict[str, StepView] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    origin: str = ""

    @property
    def running(self) -> bool:
        """Whether it has started and not ended."""
        return self.status == "Unknown"


@dataclass(slots=True)
class RunView:
    """A run: ``tasks`` by task run name in the order in which they started, ``planned`` the pipeline's tasks."""

    name: str = ""
    kind: str = ""
    status: str = "Unknown"
    reason: str = "Started"
    message: str = ""
    started: float | None = None
    finished: float | None = None
    planned: list[str] = field(default_factory=list)
    finally_tasks: list[str] = field(default_factory=list)
    tasks: dict[str, TaskView] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    cancel_mode: str = ""

    def apply(self, event: RunEvent) -> None:
        """Take the next event."""
        data = event.data
        if event.kind is RunEventKind.RUN_STARTED:
            self.name, self.kind = data.get("name", ""), data.get("kind", "")
            self.planned, self.finally_tasks = (
                list(data.get("tasks", ())),
                list(data.get("finally_tasks", ())),
            )
        elif event.kind is RunEventKind.TASK_STARTED:
            self._task_started(event)
        elif event.kind is RunEventKind.STEP_STARTED:
            step = self._step(event)
            step.state, step.started, step.log = "running", event.time, data.get("log", "")
        elif event.kind is RunEventKind.STEP_FINISHED:
            step = self._step(event)
            step.state = data.get("termination") or data.get("reason") or "Completed"
            step.exit_code, step.finished = data.get("exit_code"), event.time
            step.results = dict(data.get("results", {}))
        elif event.kind is RunEventKind.TASK_FINISHED:
            self._task_finished(event)
        elif event.kind is RunEventKind.RUN_RESUMED:
            self.interrupt()
        elif event.kind is RunEventKind.TASK_SKIPPED:
            self.skipped[event.task] = data.get("reason", "")
        elif event.kind is RunEventKind.CANCEL_REQUESTED:
            self.cancel_mode = data.get("mode", "")
        elif event.kind is RunEventKind.NOTE:
            self.notes.append((data.get("level", "info"), data.get("text", "")))
        elif event.kind is RunEventKind.RUN_FINISHED:
            self.status, self.reason = data.get("status", ""), data.get("reason", "")
            self.message, self.finished = data.get("message", ""), event.time
            self.results = dict(data.get("results", {}))
        if self.started is None:
            self.started = event.time

    def interrupt(self) -> None:
        """The run's process is gone: what has not ended will not go on."""
        for task in self.tasks.values():
            if task.running:
                task.reason = INTERRUPTED
            for step in task.steps.values():
                if step.state == "running":
                    step.state = "interrupted"

    def _task(self, event: RunEvent) -> TaskView:
        return self.tasks.setdefault(event.task, TaskView(event.task))

    def _step(self, event: RunEvent) -> StepView:
        return self._task(event).steps.setdefault(event.step, StepView(event.step))

    def _task_started(self, event: RunEvent) -> None:
        data = event.data
        earlier = self.tasks.get(event.task)
        self.skipped.pop(
            data.get("pipeline_task", ""), None
        )  # it was, before the run went on with a changed file
        self.tasks[event.task] = TaskView(
            event.task,
            pipeline_task=data.get("pipeline_task", ""),
            display_name=data.get("display_name", ""),
            attempt=data.get("attempt", 0),
            started=earlier.started if earlier is not None else event.time,
            steps={name: StepView(name) for name in data.get("steps", ())},
        )

    def _task_finished(self, event: RunEvent) -> None:
        task, data = self._task(event), event.data
        task.status, task.reason = data.get("status", ""), data.get("reason", "")
        task.message, task.finished = data.get("message", ""), event.time
        task.results = dict(data.get("results", {}))
        task.origin = data.get("origin", "")
        if task.started is None:  # it did not run in this run
            task.pipeline_task, task.finished = data.get("pipeline_task", ""), None
        if data.get("retried"):
            task.status, task.reason = "Unknown", "ToBeRetried"


def project(events: Iterable[RunEvent]) -> RunView:
    """The run that these events tell of."""
    view = RunView()
    for event in events:
        view.apply(event)
    return view
