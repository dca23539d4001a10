"""The contract of build servers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.run import PipelineRun
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode, RunRequest
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.roles.build_server import BuildServer
from holkas.roles.errors import NotFound
from holkas.testing.contracts.role import Needs, RoleContract


def request(name: str, script: str) -> RunRequest:
    """A run of a pipeline with one task of one step."""
    step = Step(name="only", image="busybox", script=f"#!/bin/sh\n{script}\n")
    task = PipelineTask(name="task", task_spec=TaskSpec(steps=(step,)))
    return RunRequest(run=PipelineRun(name=name, spec=PipelineSpec(tasks=(task,))))


class BuildServerContract(RoleContract):
    """Give ``tool`` a server that runs shell scripts. One that runs nothing overrides the three
    ``request_…``.

    patience: seconds within which a run must have ended.
    """

    role = BuildServer
    behind: ClassVar[Any] = {
        "artifacts": (lambda tool: tool.artifacts("x"), lambda tool: tool.fetch("x", "y", Path())),
        "queue": (lambda tool: tool.queued(),),
        "retry": (lambda tool: tool.retry("x"),),
        "parameters": (lambda tool: tool.parameters("x"),),
        "resume": (lambda tool: tool.resume("x", request("x", "true")),),
        "follow-together": (lambda tool: tool.follow_together("x"),),
        "fidelity": (lambda tool: tool.fidelity(request("x", "true")),),
    }
    patience: ClassVar[float] = 60.0

    @pytest.fixture
    def request_good(self) -> RunRequest:
        """A run that succeeds."""
        return request("contract-good", "exit 0")

    @pytest.fixture
    def request_bad(self) -> RunRequest:
        """A run that fails."""
        return request("contract-bad", "exit 3")

    @pytest.fixture
    def request_long(self) -> RunRequest:
        """A run that goes on until it is cancelled."""
        return request("contract-long", "sleep 1000")

    @pytest.fixture
    def ended(self, tool: BuildServer) -> Callable[[str], list[RunEventKind]]:
        """Follows a run to its end, and returns the kinds of its events."""

        def ended(run_id: str) -> list[RunEventKind]:
            with ThreadPoolExecutor(1) as pool:
                following = pool.submit(lambda: [event.kind for event in tool.follow(run_id)])
                try:
                    return following.result(self.patience)
                except TimeoutError:
                    tool.cancel(run_id)
                    raise AssertionError(f"run {run_id} did not end within {self.patience} seconds") from None

        return ended

    def test_a_run_succeeds(self, tool: BuildServer, request_good: RunRequest, ended: Any) -> None:
        run_id = tool.start(request_good)
        kinds = [kind for kind in ended(run_id) if kind is not RunEventKind.NOTE]
        assert kinds[0] is RunEventKind.RUN_STARTED
        assert kinds[-1] is RunEventKind.RUN_FINISHED
        record = tool.record(run_id)
        assert record.condition.succeeded
        assert record.started is not None
        assert record.finished is not None
        assert record.started <= record.finished

    def test_a_run_fails(self, tool: BuildServer, request_bad: RunRequest, ended: Any) -> None:
        run_id = tool.start(request_bad)
        ended(run_id)
        condition = tool.record(run_id).condition
        assert condition.done
        assert not condition.succeeded
        assert condition.reason == "Failed"

    def test_a_run_is_cancelled(self, tool: BuildServer, request_long: RunRequest, ended: Any) -> None:
        run_id = tool.start(request_long)
        assert not tool.record(run_id).condition.done
        tool.cancel(run_id)
        assert ended(run_id)[-1] is RunEventKind.RUN_FINISHED
        condition = tool.record(run_id).condition
        assert (condition.status, condition.reason) == ("False", "Cancelled")

    def test_an_ended_run_stays_as_it_is(
        self, tool: BuildServer, request_good: RunRequest, ended: Any
    ) -> None:
        run_id = tool.start(request_good)
        ended(run_id)
        tool.cancel(run_id)
        tool.cancel(run_id, CancelMode.STOP)
        assert tool.record(run_id).condition.succeeded

    def test_a_run_is_followed_from_its_start_any_time(
        self, tool: BuildServer, request_good: RunRequest, ended: Any
    ) -> None:
        run_id = tool.start(request_good)
        assert ended(run_id) == ended(run_id)

    def test_runs_of_one_name_are_two(self, tool: BuildServer, request_good: RunRequest, ended: Any) -> None:
        first, second = tool.start(request_good), tool.start(request_good)
        assert first != second
        ended(first)
        ended(second)
        assert tool.record(second).condition.succeeded

    def test_an_unknown_run_is_not_found(self, tool: BuildServer) -> None:
        for ask in (tool.record, tool.cancel, lambda run_id: list(tool.follow(run_id))):
            with pytest.raises(NotFound):
                ask("contract-none")

    def test_a_run_is_retried(
        self, tool: BuildServer, request_good: RunRequest, ended: Any, needs: Needs
    ) -> None:
        needs("retry")
        first = tool.start(request_good)
        ended(first)
        again = tool.retry(first)
        assert again != first
        ended(again)
        assert tool.record(again).condition.succeeded

    def test_what_a_run_left_is_listed(
        self, tool: BuildServer, request_good: RunRequest, ended: Any, needs: Needs
    ) -> None:
        needs("artifacts")
        run_id = tool.start(request_good)
        ended(run_id)
        assert all(not path.startswith("/") for path in tool.artifacts(run_id))
        with pytest.raises(NotFound):
            tool.artifacts("contract-none")

    def test_nothing_waits_when_nothing_runs(self, tool: BuildServer, needs: Needs) -> None:
        needs("queue")
        assert tool.queued() == ()

    def test_an_unknown_job_is_not_found(self, tool: BuildServer, needs: Needs) -> None:
        needs("parameters")
        with pytest.raises(NotFound):
            tool.parameters("contract-none")
