"""A custom task that does what its params say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import ClassVar

from holkas.extensions.custom_task import (
    CustomExecution,
    CustomOutcome,
    CustomRun,
    CustomTask,
    CustomTaskRefused,
)


class FakeCustomTask(CustomTask):
    """``runs``: the CustomRuns that were started, in their order; ``started`` is set with each.

    Params: ``refuse`` (not begun, with this message), ``hold`` (goes on until it is cancelled or let go by
    :meth:`let_go`), ``failures`` (so many attempts fail first), ``fail`` (fails at last, with this message). Each param
    that begins with ``result-`` is a result.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = frozenset({"fake.holkas.dev/v1/Fake"})

    def __init__(self) -> None:
        self.runs: list[CustomRun] = []
        self.cancelled: list[tuple[str, str]] = []
        self.closed = False
        self.started = threading.Event()
        self._going: list[_FakeExecution] = []

    def start(self, run: CustomRun) -> CustomExecution:
        given = {param.name: str(param.value) for param in run.params}
        self.runs.append(run)
        if "refuse" in given:
            raise CustomTaskRefused(given["refuse"])
        going = _FakeExecution(self, run, given)
        self._going.append(going)
        self.started.set()
        return going

    def let_go(self) -> None:
        """All that hold end now, well."""
        for going in self._going:
            going.end.set()

    def close(self) -> None:
        self.closed = True


class _FakeExecution(CustomExecution):
    def __init__(self, task: FakeCustomTask, run: CustomRun, given: dict[str, str]) -> None:
        self._task = task
        self._run = run
        self._given = given
        self._cancelled = ""
        self._told = False
        self.end = threading.Event()

    def wait(self) -> CustomOutcome:
        given = self._given
        if "hold" in given:
            self.end.wait()
        if self._told:
            return CustomOutcome.cancelled(self._cancelled)
        results = {
            name.removeprefix("result-"): value for name, value in given.items() if name.startswith("result-")
        }
        failures = int(given.get("failures", "0"))
        attempts = tuple(self._failures(min(failures, self._run.retries)))
        if failures > self._run.retries:
            end = CustomOutcome.failed(f"attempt {len(attempts)} failed")
        elif "fail" in given:
            end = CustomOutcome.failed(given["fail"], reason=given.get("reason", ""))
        else:
            end = CustomOutcome.succeeded(results, reason=given.get("reason", ""))
        return CustomOutcome(condition=end.condition, results=results, attempts=attempts)

    def cancel(self, message: str) -> None:
        self._task.cancelled.append((self._run.name, message))
        self._told, self._cancelled = True, message
        self.end.set()

    def _failures(self, number: int) -> Iterator[CustomOutcome]:
        for attempt in range(number):
            yield CustomOutcome.failed(f"attempt {attempt} failed")
