"""Attempts of a task run, and every limit of time with the reason that Tekton gives."""

from __future__ import annotations

import pytest
from holkas.model.record import TaskRunRecord

from tests.local_runs import Runner, values
from tests.tekton_runs import RESULT, pipeline_run, task, task_run


def test_a_failed_task_is_tried_again(each: Runner) -> None:
    """Its count is in a variable, its results start anew, each attempt has its place and its log."""
    script = """
    test ! -e ~/left && touch ~/left
    printf try-$(context.task.retry-count) > $(results.out.path)
    echo attempt $(context.task.retry-count)
    [ $(context.task.retry-count) = 2 ]
    """
    finished = each.run(
        pipeline_run(task("t", script, retries=3), results={"seen": "$(tasks.t.results.out)"})
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {"seen": "try-2"}
    record = finished.task("t")
    assert [attempt.condition.reason for attempt in record.attempts] == ["StepFailed", "StepFailed"]
    assert [values(attempt.results) for attempt in record.attempts] == [{"out": "try-0"}, {"out": "try-1"}]
    logs = [finished.log(name) for name in ("t", "t.1", "t.2")]
    assert logs == ["attempt 0\n", "attempt 1\n", "attempt 2\n"]
    (child,) = finished.status["taskRuns"].values()
    assert [old["conditions"][0]["reason"] for old in child["status"]["retriesStatus"]] == ["StepFailed"] * 2
    told = [event for event in finished.events if event.kind.value == "task-finished"]
    assert [event.data["retried"] for event in told] == [True, True, False]


def test_the_last_failure_counts(runner: Runner) -> None:
    finished = runner.run(pipeline_run(task("t", "exit 1", retries=2)))
    assert finished.ending == ("False", "Failed")
    assert len(finished.task("t").attempts) == 2


def test_a_step_runs_out_of_time_even_where_it_may_fail(each: Runner) -> None:
    finished = each.run(
        task_run({"name": "slow", "script": "sleep 60", "timeout": "100ms", "onError": "continue"}, "true")
    )
    assert finished.ending == ("False", "StepFailed")
    assert finished.message == '"step-slow" exited because the step exceeded the specified timeout limit'
    slow, after = finished.task().steps
    assert (slow.exit_code, slow.termination, after.termination) == (1, "TimeoutExceeded", "Skipped")


def test_a_task_run_runs_out_of_time(each: Runner) -> None:
    finished = each.run(task_run("sleep 60", "true", run={"timeout": "200ms"}))
    assert finished.ending == ("False", "TaskRunTimeout")
    assert finished.message == 'TaskRun "once" failed to finish within "200ms"'
    assert [(step.exit_code, step.reason) for step in finished.task().steps] == [(1, "TaskRunTimeout")] * 2


def test_the_time_of_a_task_is_that_of_each_attempt(runner: Runner) -> None:
    finished = runner.run(pipeline_run(task("t", "sleep 60", retries=1, timeout="150ms")))
    record = finished.task("t")
    assert [run.condition.reason for run in (*record.attempts, record)] == ["TaskRunTimeout"] * 2


def test_no_time_limit(runner: Runner) -> None:
    assert runner.run(task_run("true", run={"timeout": "0"})).ending == ("True", "Succeeded")


def test_a_pipeline_runs_out_of_time(each: Runner) -> None:
    finished = each.run(
        pipeline_run(
            task("slow", "sleep 60"),
            task("next", "true", runAfter=["slow"]),
            last=[task("tidy", "true")],
            run={"timeouts": {"pipeline": "300ms"}},
        )
    )
    assert finished.ending == ("False", "PipelineRunTimeout")
    assert finished.message == 'PipelineRun "flow" failed to finish within "300ms"'
    assert finished.endings() == {"slow": "TaskRunCancelled"}
    assert "has timed out" in finished.task("slow").condition.message


def test_when_the_tasks_run_out_of_time_the_finally_tasks_still_run(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("slow", "sleep 60"),
            task("next", "true", runAfter=["slow"]),
            last=[task("tidy", "true")],
            run={"timeouts": {"pipeline": "60s", "tasks": "300ms"}},
        )
    )
    assert finished.ending == ("False", "PipelineRunTimeout")
    assert finished.endings() == {"slow": "TaskRunCancelled", "tidy": "Succeeded"}
    assert finished.skipped == {"next": "PipelineRun was stopping"}


def test_finally_tasks_have_a_limit_of_their_own(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("quick", "true"),
            last=[task("tidy", "sleep 60")],
            run={"timeouts": {"pipeline": "60s", "finally": "300ms"}},
        )
    )
    assert finished.ending == ("False", "Failed")
    assert finished.endings() == {"quick": "Succeeded", "tidy": "TaskRunCancelled"}


@pytest.mark.parametrize("number", [0, 1])
def test_a_run_can_change_the_time_of_one_task(runner: Runner, number: int) -> None:
    names = ("a", "b")
    finished = runner.run(
        pipeline_run(
            *(task(name, "sleep 0.4", onError="continue") for name in names),
            run={"taskRunSpecs": [{"pipelineTaskName": names[number], "timeout": "100ms"}]},
        )
    )
    limited, other = finished.task(names[number]), finished.task(names[1 - number])
    assert (limited.condition.reason, other.condition.reason) == ("TaskRunTimeout", "Succeeded")


def test_a_sidecar_that_is_never_ready_uses_up_the_time(runner: Runner) -> None:
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    finished = runner.run(
        task_run(
            "true",
            run={"timeout": "500ms"},
            sidecars=[{"name": "s", "image": "bash", "script": "sleep 60", "readinessProbe": probe}],
        )
    )
    assert finished.ending == ("False", "TaskRunTimeout")
    assert [event for event in finished.events if event.kind.value == "step-started"] == []


def test_output_without_end_does_not_keep_a_step_from_running_out_of_time(each: Runner) -> None:
    finished = each.run(task_run({"script": "while :; do echo xxxxxxxxxxxxxxxx; done", "timeout": "200ms"}))
    assert finished.message.endswith("exceeded the specified timeout limit")


def test_what_a_step_leaves_behind_does_not_hold_it(each: Runner) -> None:
    """A child in the background keeps the pipe open and writes into it for ever."""
    finished = each.run(task_run("echo begun; (while :; do echo y; sleep 0.001; done) & echo over"))
    assert finished.ending == ("True", "Succeeded")
    assert finished.log().startswith("begun\n")
    assert "over\n" in finished.log()


def test_a_task_run_with_retries_of_its_own(runner: Runner) -> None:
    finished = runner.run(
        task_run(f"printf $(context.task.retry-count) > {RESULT}; exit 1", run={"retries": 1})
    )
    assert isinstance(finished.record, TaskRunRecord)
    assert [values(run.results) for run in (*finished.record.attempts, finished.record)] == [
        {"out": "0"},
        {"out": "1"},
    ]
