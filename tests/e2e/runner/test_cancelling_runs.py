"""Every way of ending a run before its time; nothing of it is left afterwards."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest
from holkas.model.record import PipelineRunRecord
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode
from holkas.roles.errors import NotFound

from tests.local_runs import Finished, Runner
from tests.tekton_runs import pipeline_run, task, task_run


def cancelled(runner: Runner, text: str, *modes: CancelMode, when: str = "step-started") -> Finished:
    """Start a run, and ask for its end as soon as something of a kind happens in it."""
    (started,) = runner.start(text)
    started.begin()
    left = list(modes)
    for event in started.events():
        if event.kind.value == when and left:
            runner.server.cancel(started.id, left.pop(0))
    return started.finish()


def processes(mark: str) -> list[int]:
    """Living processes with a mark in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


SLOW = [
    "trap '' TERM; sleep 60 & sleep 60 & wait",
    "setsid sh -c 'setsid sleep 60 & sleep 60' & sleep 60",
]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are found through /proc")
@pytest.mark.parametrize("script", SLOW)
def test_no_process_is_left(each: Runner, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from holkas_builtin.runner import step_start

    monkeypatch.setattr(step_start, "GRACE", 0.2)
    mark = f"HOLKAS_TEST_MARK={uuid.uuid4()}"
    env = [{"name": "HOLKAS_TEST_MARK", "value": mark.partition("=")[2]}]
    slow = task("slow", {"script": script, "env": env})
    slow["taskSpec"]["sidecars"] = [{"name": "s", "image": "bash", "script": "sleep 60", "env": env}]
    finished = cancelled(each, pipeline_run(slow), CancelMode.CANCELLED)
    assert finished.ending == ("False", "Cancelled")
    assert processes(mark) == []


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are found through /proc")
def test_a_finished_step_leaves_no_daemon(each: Runner) -> None:
    mark = f"HOLKAS_TEST_MARK={uuid.uuid4()}"
    env = [{"name": "HOLKAS_TEST_MARK", "value": mark.partition("=")[2]}]
    finished = each.run(task_run({"script": "setsid sleep 60 >/dev/null 2>&1 & true", "env": env}))
    assert finished.ending == ("True", "Succeeded")
    assert processes(mark) == []


FLOW = pipeline_run(
    task("slow", "sleep 60"),
    task("next", "true", runAfter=["slow"]),
    last=[task("tidy", "true")],
)


def test_cancelled_ends_everything_and_runs_nothing_more(each: Runner) -> None:
    finished = cancelled(each, FLOW, CancelMode.CANCELLED)
    assert finished.ending == ("False", "Cancelled")
    assert finished.message == 'PipelineRun "flow" was cancelled'
    assert finished.endings() == {"slow": "TaskRunCancelled"}
    message = finished.task("slow").condition.message
    assert message == (
        'TaskRun "flow-slow" was cancelled. TaskRun cancelled as the PipelineRun it belongs to has been cancelled.'
    )
    (step,) = finished.task("slow").steps
    assert (step.exit_code, step.reason) == (1, "TaskRunCancelled")


def test_cancelled_run_finally_still_tidies_up(each: Runner) -> None:
    finished = cancelled(each, FLOW, CancelMode.RUN_FINALLY)
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"slow": "TaskRunCancelled", "tidy": "Succeeded"}
    assert finished.skipped == {"next": "PipelineRun was stopping"}  # a cancelled task counts as failed


def test_stopped_run_finally_lets_running_tasks_finish(runner: Runner) -> None:
    text = pipeline_run(
        task("slow", "sleep 0.3"), task("next", "true", runAfter=["slow"]), last=[task("tidy", "true")]
    )
    finished = cancelled(runner, text, CancelMode.STOP)
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"slow": "Succeeded", "tidy": "Succeeded"}
    assert finished.skipped == {"next": "PipelineRun was gracefully stopped"}


def test_a_harder_wish_follows_a_softer_one(runner: Runner) -> None:
    text = pipeline_run(task("slow", "sleep 60"), last=[task("tidy", "sleep 60")])
    finished = cancelled(runner, text, CancelMode.RUN_FINALLY, CancelMode.CANCELLED)
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"slow": "TaskRunCancelled", "tidy": "TaskRunCancelled"}


def test_the_wish_of_a_manifest_is_honoured_before_anything_starts(runner: Runner) -> None:
    finished = runner.run(
        FLOW.replace('"pipelineSpec"', '"status": "CancelledRunFinally", "pipelineSpec"', 1)
    )
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"tidy": "Succeeded"}


def test_a_cancelled_task_run_has_the_message_of_its_manifest(runner: Runner) -> None:
    finished = runner.run(
        task_run("true", run={"status": "TaskRunCancelled", "statusMessage": "not wanted any more"})
    )
    assert finished.ending == ("False", "TaskRunCancelled")
    assert finished.message == 'TaskRun "once" was cancelled. not wanted any more'
    assert finished.task().steps == ()


def test_a_task_run_is_cancelled_and_not_tried_again(each: Runner) -> None:
    finished = cancelled(each, task_run("sleep 60", run={"retries": 3}), CancelMode.CANCELLED)
    assert finished.ending == ("False", "TaskRunCancelled")
    assert finished.message == 'TaskRun "once" was cancelled.'
    assert finished.task().attempts == ()


def test_tasks_that_wait_for_their_turn_are_cancelled_without_a_step(runner: Runner) -> None:
    text = pipeline_run(*(task(f"t{number}", "sleep 60") for number in range(4)))
    (started,) = runner.start(text, jobs=1)
    started.begin()
    steps = 0
    for event in started.events():
        if event.kind is RunEventKind.STEP_STARTED:
            steps += 1
            runner.server.cancel(started.id)
    finished = started.finish()
    assert steps == 1
    assert set(finished.endings().values()) == {"TaskRunCancelled"}


def test_a_pipeline_inside_is_cancelled_too(runner: Runner) -> None:
    inner = {"name": "inner", "pipelineSpec": {"tasks": [task("deep", "sleep 60")]}}
    finished = cancelled(runner, pipeline_run(inner), CancelMode.CANCELLED)
    assert finished.ending == ("False", "Cancelled")
    assert isinstance(finished.record, PipelineRunRecord)
    (child,) = finished.record.children
    assert child.condition.reason == "Cancelled"
    assert finished.endings() == {"inner-deep": "TaskRunCancelled"}


def test_a_cancelled_run_ends_its_sidecars_before_they_are_ready(runner: Runner) -> None:
    probe = {"exec": {"command": ["sh", "-c", "touch $HOME/probed; false"]}}
    text = task_run(
        "true", sidecars=[{"name": "s", "image": "bash", "script": "sleep 60", "readinessProbe": probe}]
    )
    finished = cancelled(runner, text, CancelMode.CANCELLED, when="task-started")
    assert finished.ending == ("False", "TaskRunCancelled")


def test_a_wish_for_a_run_that_has_ended_changes_nothing(runner: Runner) -> None:
    finished = runner.run(task_run("true"))
    runner.server.cancel(finished.id)
    assert runner.server.record(finished.id).condition.succeeded


def test_a_run_of_another_process_is_asked_through_its_directory(runner: Runner, tmp_path: Path) -> None:
    """Another server over the same state stands for the other process."""
    other = Runner.make(runner.root, "process")
    try:
        (started,) = runner.start(task_run("sleep 60"))
        started.begin()
        seen = other.server.follow(started.id)
        asked: Mapping[str, bool] = {}
        for event in seen:
            if event.kind is RunEventKind.STEP_STARTED and not asked:
                asked = {"asked": True}
                other.server.cancel(started.id)
        assert started.finish().ending == ("False", "TaskRunCancelled")
        assert other.server.record(started.id).condition.reason == "TaskRunCancelled"
        with pytest.raises(NotFound):
            other.server.cancel("20200101-000000-bbbb")
        with pytest.raises(NotFound):
            other.server.follow("20200101-000000-bbbb")
    finally:
        other.server.close()


def test_closing_the_server_ends_its_runs(tmp_path: Path) -> None:
    made = Runner.make(tmp_path, "process")
    (started,) = made.start(pipeline_run(task("slow", "sleep 60")))
    started.begin()
    events = started.events()
    for event in events:
        if event.kind is RunEventKind.STEP_STARTED:
            break
    made.server.close()
    assert list(events)[-1].kind is RunEventKind.RUN_FINISHED
    assert made.server.record(started.id).condition.reason == "Cancelled"
