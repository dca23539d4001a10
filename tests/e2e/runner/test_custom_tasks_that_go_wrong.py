"""Custom tasks that go wrong, and plugins that do not do what they should: the run ends all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from holkas.extensions.custom_task import CustomExecution, CustomOutcome, CustomRun
from holkas.model.record import Condition
from holkas.model.run_request import CancelMode
from holkas.roles.errors import ToolError
from holkas.testing.fakes.custom_task import FakeCustomTask
from holkas_builtin.runner import custom_task_run

from tests.custom_tasks import HOLD, KIND, VERSION, Served, cancelled, custom
from tests.tekton_runs import pipeline_run


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, FakeCustomTask())
    yield made
    made.runner.server.close()


def test_one_that_does_not_listen_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(FakeCustomTask):
        def start(self, run: CustomRun) -> CustomExecution:
            execution = super().start(run)
            monkeypatch.setattr(type(execution), "cancel", lambda self, message: None)
            return execution

    monkeypatch.setattr(custom_task_run, "GRACE", 0.05)
    served = Served(tmp_path, Deaf())
    finished = cancelled(served, pipeline_run(custom("c", params=HOLD)), CancelMode.CANCELLED)
    served.fake.let_go()
    served.runner.server.close()
    assert finished.ending == ("False", "Cancelled")
    assert finished.task("c").condition.message.endswith("it was told to end and did not within 50ms")


def test_one_that_is_cancelled_while_it_starts_hears_of_it(tmp_path: Path) -> None:
    class Slow(FakeCustomTask):
        def start(self, run: CustomRun) -> CustomExecution:
            self.started.set()
            assert self.go_on.wait(60)
            return super().start(run)

    fake = Slow()
    fake.go_on = threading.Event()  # type: ignore[attr-defined]  # a field of this test's own
    served = Served(tmp_path, fake)
    started = served.begin(pipeline_run(custom("c", params=HOLD)))
    assert fake.started.wait(60)
    served.runner.server.cancel(started.id, CancelMode.CANCELLED)
    for event in started.events():
        if event.kind.value == "cancel-requested":
            fake.go_on.set()  # type: ignore[attr-defined]  # as above
    finished = started.finish()
    served.runner.server.close()
    assert finished.endings() == {"c": "CustomRunCancelled"}
    assert [name for name, _ in fake.cancelled] == ["flow-c"]


class Ends(CustomExecution):
    """Ends as it is told to, with whatever."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def wait(self) -> CustomOutcome:
        if isinstance(self.what, BaseException):
            raise self.what
        outcome: CustomOutcome = self.what
        return outcome

    def cancel(self, message: str) -> None:
        """There is nothing to cancel."""


STRANGE = [
    (None, "the custom task did not say how it ended"),
    (CustomOutcome(condition=Condition(status="Unknown", reason="Running")), "did not say how it ended"),
    (CustomOutcome.succeeded({"a": 1}), "a result of a custom task is text"),  # type: ignore[dict-item]  # hostile
    (CustomOutcome.succeeded({"a": "x" * (1 << 20)}), "results of 1048577 bytes are more than 1048576"),
    (ToolError("the server is gone"), "the server is gone"),
    (ValueError("a bug"), "the custom task 'fake-0' failed: ValueError: a bug"),
]


@pytest.mark.parametrize(("what", "message"), STRANGE)
def test_what_a_plugin_does_wrong_fails_its_own_run(tmp_path: Path, what: Any, message: str) -> None:
    class Strange(FakeCustomTask):
        def start(self, run: CustomRun) -> CustomExecution:
            return Ends(what) if run.name == "flow-c" else super().start(run)

    served = Served(tmp_path, Strange())
    finished = served.run(pipeline_run(custom("c", onError="continue"), custom("d")))
    served.runner.server.close()
    assert finished.ending == ("True", "Succeeded")
    assert finished.task("c").condition.reason == "Failed"
    assert message in finished.task("c").condition.message
    assert (finished.directory / "crash.txt").exists() == isinstance(what, ValueError)


def test_a_condition_without_a_reason_gets_the_usual_one(tmp_path: Path) -> None:
    class Terse(FakeCustomTask):
        def start(self, run: CustomRun) -> CustomExecution:
            status = "True" if run.name == "flow-good" else "False"
            return Ends(CustomOutcome(condition=Condition(status=status, reason="")))

    served = Served(tmp_path, Terse())
    finished = served.run(pipeline_run(custom("good"), custom("bad", onError="continue")))
    served.runner.server.close()
    assert finished.endings() == {"good": "Succeeded", "bad": "Failed"}


def test_a_refusal_is_its_condition(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", params={"refuse": "the param x is missing"})))
    assert finished.endings() == {"c": "ValidationFailed"}
    assert finished.task("c").condition.message == "the param x is missing"


def test_two_plugins_that_serve_the_same_are_named(tmp_path: Path) -> None:
    served = Served(tmp_path, FakeCustomTask(), FakeCustomTask())
    finished = served.run(pipeline_run(custom("c")))
    served.runner.server.close()
    assert finished.endings() == {"c": "Failed"}
    assert "fake-0, fake-1" in finished.task("c").condition.message


def test_a_plugin_that_is_gone_is_missed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    (started,) = served.runner.start(pipeline_run(custom("c")))
    monkeypatch.setattr(custom_task_run, "servers_of", lambda plugins, kind: [])
    finished = started.begin().finish()
    assert finished.task("c").condition.message == f"no plugin serves the custom task {VERSION}/{KIND}"
