"""A build server whose runs end as the test says, without running anything."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Condition as Monitor
from time import time
from typing import ClassVar

from holkas.model.param import ParamSpec, Result
from holkas.model.queued_run import QueuedRun
from holkas.model.record import Condition, PipelineRunRecord, RunRecord, TaskRunRecord
from holkas.model.run import PipelineRun, Run
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.build_server import BuildServer
from holkas.roles.errors import NotFound


class FakeBuildServer(BuildServer):
    """Each run succeeds at once, unless its name is in ``failing`` (fails) or ``holding`` (goes on until
    cancelled or :meth:`finish`).

    results: what every run hands back. jobs: named jobs with their params. files: relative path → content,
    of all runs.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = BuildServer.known_capabilities - {
        "fidelity",
        "resume",
        "follow-together",
    }

    def __init__(
        self,
        *,
        results: Iterable[Result] = (),
        failing: Iterable[str] = (),
        holding: Iterable[str] = (),
        jobs: Mapping[str, tuple[ParamSpec, ...]] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.requests: dict[str, RunRequest] = {}
        self._results = tuple(results)
        self._failing = frozenset(failing)
        self._holding = frozenset(holding)
        self._jobs = dict(jobs or {})
        self._left = dict(files or {})
        self._records: dict[str, RunRecord] = {}
        self._events: dict[str, list[RunEvent]] = {}
        self._numbers = itertools.count(1)
        self._changed = Monitor()

    def start(self, request: RunRequest) -> str:
        with self._changed:
            run_id = f"run-{next(self._numbers)}"
            self.requests[run_id] = request
            self._records[run_id] = _fresh(request.run)
            self._events[run_id] = []
            self._tell(run_id, RunEventKind.RUN_STARTED)
            name = request.run.name
            if name in self._failing:
                self.finish(run_id, status="False", reason="Failed", message="it was told to fail")
            elif name not in self._holding:
                self.finish(run_id)
            return run_id

    def finish(
        self, run_id: str, *, status: str = "True", reason: str = "Succeeded", message: str = ""
    ) -> None:
        """End a run that goes on; one that has ended stays as it is."""
        with self._changed:
            record = self.record(run_id)
            if record.condition.done:
                return
            self._records[run_id] = replace(
                record,
                condition=Condition(status=status, reason=reason, message=message),
                finished=time(),
                results=self._results if status == "True" else (),
            )
            self._tell(run_id, RunEventKind.RUN_FINISHED, status=status, reason=reason, message=message)

    def follow(self, run_id: str) -> Iterator[RunEvent]:
        self.record(run_id)
        return self._follow(run_id)

    def record(self, run_id: str) -> RunRecord:
        with self._changed:
            try:
                return self._records[run_id]
            except KeyError:
                raise NotFound(f"there is no run {run_id!r}") from None

    def cancel(self, run_id: str, mode: CancelMode = CancelMode.CANCELLED) -> None:
        with self._changed:
            if self.record(run_id).condition.done:
                return
            self._tell(run_id, RunEventKind.CANCEL_REQUESTED)
            self.finish(run_id, status="False", reason=str(mode), message="it was cancelled")

    def artifacts(self, run_id: str) -> tuple[str, ...]:
        self.record(run_id)
        return tuple(sorted(self._left))

    def fetch(self, run_id: str, artifact: str, directory: Path) -> Path:
        self.record(run_id)
        if artifact not in self._left:
            raise NotFound(f"run {run_id} left no {artifact!r}")
        path = directory / artifact
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self._left[artifact])
        return path

    def queued(self) -> tuple[QueuedRun, ...]:
        return ()

    def retry(self, run_id: str) -> str:
        self.record(run_id)
        return self.start(self.requests[run_id])

    def parameters(self, job: str) -> tuple[ParamSpec, ...]:
        try:
            return self._jobs[job]
        except KeyError:
            raise NotFound(f"there is no job {job!r}") from None

    def close(self) -> None:
        for run_id in list(self._records):
            self.cancel(run_id)

    def _follow(self, run_id: str) -> Iterator[RunEvent]:
        for position in itertools.count():
            with self._changed:
                while len(self._events[run_id]) <= position:
                    self._changed.wait()
                event = self._events[run_id][position]
            yield event
            if event.kind is RunEventKind.RUN_FINISHED:
                return

    def _tell(self, run_id: str, kind: RunEventKind, **data: str) -> None:
        self._events[run_id].append(RunEvent(time=time(), kind=kind, run=run_id, data=data))
        self._changed.notify_all()


def _fresh(run: Run) -> RunRecord:
    condition = Condition(status="Unknown", reason="Running")
    if isinstance(run, PipelineRun):
        return PipelineRunRecord(name=run.name, condition=condition, params=run.params, started=time())
    return TaskRunRecord(name=run.name, condition=condition, params=run.params, started=time())
