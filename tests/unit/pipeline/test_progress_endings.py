"""Cancellation, graceful and not, and time-outs."""

from __future__ import annotations

import pytest
from holkas.model.run import Timeouts
from holkas.model.run_request import CancelMode
from holkas.pipeline.conclusion import pending_condition
from holkas.pipeline.reasons import PipelineRunReason, SkipReason

from tests.pipeline_runs import CANCELLED, FAILED, NEVER, Drive, pipeline, task


def told(drive: Drive) -> list[str]:
    return [wish.taskrun for decision in drive.decisions for wish in decision.cancel]


def test_a_cancelled_run_ends_with_its_tasks_and_without_finally() -> None:
    drive = Drive(pipeline(task("a"), task("b", "a"), last=[task("f")], r="$(tasks.a.results.r)"))
    drive.begin()
    decision = drive.take(drive.progress.cancel(CancelMode.CANCELLED, 1))
    assert [(wish.taskrun, wish.reason) for wish in decision.cancel] == [("run-a", "TaskRunCancelled")]
    assert decision.conclusion is None
    assert drive.progress.next_deadline == 3600
    conclusion = drive.done("a", CANCELLED).conclusion
    assert conclusion is not None
    assert (conclusion.condition.status, conclusion.condition.reason) == ("False", "Cancelled")
    assert conclusion.condition.message == 'PipelineRun "run" was cancelled'
    assert list(drive.launched) == ["a"]
    assert drive.progress.cancel(CancelMode.STOP, 2).conclusion is None


def test_cancelling_with_finally_cancels_what_runs_and_runs_finally() -> None:
    drive = Drive(
        pipeline(task("a", on_error="continue"), task("b", "a"), last=[task("f", s="$(tasks.a.status)")])
    )
    drive.begin()
    drive.take(drive.progress.cancel(CancelMode.RUN_FINALLY, 1))
    assert drive.progress.reason == PipelineRunReason.CANCELLED_RUNNING_FINALLY
    drive.done("a", CANCELLED)
    assert drive.launched["f"].params[0].value == "Failed"
    # A second wish of the same kind does not touch the finally tasks.
    assert not drive.take(drive.progress.cancel(CancelMode.RUN_FINALLY, 2)).cancel
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Cancelled"
    assert conclusion.condition.message == 'PipelineRun "run" was cancelled'
    assert drive.skipped() == {"b": SkipReason.GRACEFULLY_CANCELLED}


def test_stopping_lets_running_tasks_finish() -> None:
    drive = Drive(pipeline(task("a"), task("b", "a"), task("w", when=NEVER), last=[task("f")]))
    drive.begin()
    decision = drive.take(drive.progress.cancel(CancelMode.STOP, 1))
    assert not decision.cancel
    assert [skipped.name for skipped in decision.skipped] == ["b"]
    assert drive.progress.reason == PipelineRunReason.STOPPED_RUNNING_FINALLY
    drive.done("a")
    conclusion = drive.to_the_end()
    assert list(drive.launched) == ["a", "f"]
    assert (conclusion.condition.status, conclusion.condition.reason) == ("False", "Cancelled")
    assert set(drive.skipped().values()) == {SkipReason.GRACEFULLY_STOPPED}


def test_a_failure_weighs_more_than_the_wish_to_stop() -> None:
    drive = Drive(pipeline(task("a"), task("b", "a")))
    drive.begin()
    drive.take(drive.progress.cancel(CancelMode.STOP, 1))
    drive.done("a", FAILED)
    assert drive.to_the_end().condition.reason == "Failed"
    assert drive.skipped() == {"b": SkipReason.STOPPING}


def test_a_stronger_wish_follows_a_weaker_one() -> None:
    drive = Drive(pipeline(task("a"), last=[task("f")]))
    drive.begin()
    drive.take(drive.progress.cancel(CancelMode.STOP, 1))
    drive.take(drive.progress.cancel(CancelMode.RUN_FINALLY, 2))
    drive.take(drive.progress.cancel(CancelMode.CANCELLED, 3))
    assert told(drive) == ["run-a"]
    drive.done("a", CANCELLED)
    assert drive.to_the_end().condition.reason == "Cancelled"
    assert list(drive.launched) == ["a"]


@pytest.mark.parametrize(
    ("mode", "started"),
    [(CancelMode.CANCELLED, []), (CancelMode.RUN_FINALLY, ["f"]), (CancelMode.STOP, ["f"])],
)
def test_a_wish_before_the_beginning(mode: CancelMode, started: list[str]) -> None:
    drive = Drive(pipeline(task("a"), last=[task("f")]))
    assert drive.progress.cancel(mode, 0).conclusion is None
    drive.begin()
    assert drive.to_the_end().condition.reason == "Cancelled"
    assert list(drive.launched) == started


def test_a_task_cancelled_by_somebody_else() -> None:
    drive = Drive(pipeline(task("a"), task("b", "a")), {"a": CANCELLED})
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Cancelled"
    assert conclusion.condition.message == "Tasks Completed: 1 (Failed: 0, Cancelled 1), Skipped: 1"


def test_the_pipeline_time_out_ends_everything() -> None:
    drive = Drive(
        pipeline(task("a"), task("b", "a"), last=[task("f")]), timeouts=Timeouts(pipeline=90), now=10
    )
    assert drive.progress.next_deadline is None
    drive.begin()
    assert drive.progress.next_deadline == 100
    assert not drive.take(drive.progress.time_passed(99.9)).cancel
    assert told(drive) == []
    drive.take(drive.progress.time_passed(100))
    drive.take(drive.progress.time_passed(101))
    assert told(drive) == ["run-a"]
    assert drive.progress.next_deadline is None
    drive.done("a", CANCELLED)
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "PipelineRunTimeout"
    assert conclusion.condition.message == 'PipelineRun "run" failed to finish within "1m30s"'
    assert list(drive.launched) == ["a"]


def test_the_tasks_time_out_lets_finally_run() -> None:
    drive = Drive(
        pipeline(task("a", on_error="continue"), task("b", "a"), last=[task("f")]),
        timeouts=Timeouts(pipeline=100, finally_=40),
    )
    drive.begin()
    assert drive.progress.next_deadline == 60
    drive.take(drive.progress.time_passed(60))
    assert drive.progress.next_deadline == 100
    assert drive.progress.reason == PipelineRunReason.TIMED_OUT_RUNNING_FINALLY
    drive.now = 61
    drive.done("a", CANCELLED)
    assert "f" in drive.launched
    assert drive.progress.next_deadline == 100
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "PipelineRunTimeout"
    assert conclusion.condition.message.endswith('due to tasks failed to finish within "1m0s"')
    assert drive.skipped() == {"b": SkipReason.TASKS_TIMED_OUT}


def test_the_finally_time_out_fails_the_run() -> None:
    drive = Drive(pipeline(task("a"), last=[task("f")]), timeouts=Timeouts(pipeline=0, finally_=5, tasks=9))
    drive.begin()
    assert drive.progress.next_deadline == 9
    drive.now = 3
    drive.done("a")
    assert drive.progress.next_deadline == 8
    drive.take(drive.progress.time_passed(8))
    assert told(drive) == ["run-f"]
    assert drive.progress.next_deadline is None
    drive.done("f", CANCELLED)
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Failed"
    assert conclusion.condition.message == "Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 0"


def test_time_does_not_pass_for_what_is_over_or_has_not_begun() -> None:
    drive = Drive(pipeline(task("a")), timeouts=Timeouts(pipeline=1))
    assert not drive.progress.time_passed(100).cancel
    drive.to_the_end()
    assert drive.progress.next_deadline is None
    assert drive.progress.time_passed(100).conclusion is None


def test_reasons_on_the_way() -> None:
    drive = Drive(pipeline(task("a"), task("b")))
    assert drive.progress.reason == PipelineRunReason.STARTED
    drive.begin()
    assert drive.progress.reason == PipelineRunReason.RUNNING
    drive.done("a", FAILED)
    assert drive.progress.reason == PipelineRunReason.STOPPING


def test_a_pending_run() -> None:
    condition = pending_condition("run")
    assert (condition.status, condition.reason) == ("Unknown", "PipelineRunPending")
    assert not condition.done
