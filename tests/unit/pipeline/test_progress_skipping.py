"""Which tasks start, which are skipped, and with what reason."""

from __future__ import annotations

import pytest
from holkas.model.pipeline import Matrix, PipelineTask
from holkas.model.record import Condition
from holkas.model.when import When
from holkas.pipeline.finally_tasks import Statuses
from holkas.pipeline.reasons import SkipReason
from holkas.pipeline.run_state import RunFacts, new_run_state

from tests.pipeline_runs import FAILED, NEVER, RUN, SUCCEEDED, Drive, Outcome, pipeline, task

USES_A = "$(tasks.a.results.r)"


def test_tasks_run_in_order_and_succeed() -> None:
    drive = Drive(pipeline(task("b", "a"), task("a"), task("c", "b")))
    assert [launch.name for launch in drive.begin().launch] == ["run-a"]
    conclusion = drive.to_the_end()
    assert list(drive.launched) == ["a", "b", "c"]
    assert conclusion.condition == Condition(
        status="True", reason="Succeeded", message="Tasks Completed: 3 (Failed: 0, Cancelled 0), Skipped: 0"
    )


def test_when_skips_consumers_but_not_those_that_only_wait() -> None:
    drive = Drive(
        pipeline(
            task("a", when=NEVER),
            task("after", "a"),
            task("uses", x=USES_A),
            task("below", "uses"),
        )
    )
    conclusion = drive.to_the_end()
    assert list(drive.launched) == ["after"]
    assert drive.skipped() == {
        "a": SkipReason.WHEN_EXPRESSIONS,
        "uses": SkipReason.MISSING_RESULTS,
        "below": SkipReason.PARENT_TASKS,
    }
    assert (conclusion.condition.status, conclusion.condition.reason) == ("True", "Completed")


def test_own_when_counts_before_the_parents() -> None:
    drive = Drive(pipeline(task("a", when=NEVER), task("uses", x=USES_A), task("below", "uses", when=NEVER)))
    drive.to_the_end()
    assert drive.skipped()["below"] == SkipReason.WHEN_EXPRESSIONS


def test_a_child_of_a_skipped_task_waits_for_its_other_parents() -> None:
    drive = Drive(
        pipeline(
            task("a", when=NEVER),
            task("uses", x=USES_A),
            task("slow"),
            task("below", "uses", when=When(input="$(tasks.slow.results.r)", operator="in", values=("no",))),
            task("last", "below"),
        ),
        {"slow": (SUCCEEDED, {"r": "yes"})},
    )
    drive.begin()
    assert "last" not in drive.launched
    drive.to_the_end()
    assert drive.skipped()["below"] == SkipReason.WHEN_EXPRESSIONS
    assert "last" in drive.launched


def test_a_failure_stops_the_run_and_lets_running_tasks_finish() -> None:
    drive = Drive(pipeline(task("a"), task("b"), task("c", "b"), task("w", when=NEVER), last=[task("f")]))
    drive.begin()
    assert {skipped.name for skipped in drive.done("a", FAILED).skipped} == {"c"}
    drive.done("b")
    assert "f" in drive.launched
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Failed"
    assert conclusion.condition.message == "Tasks Completed: 3 (Failed: 1, Cancelled 0), Skipped: 2"
    assert set(drive.skipped().values()) == {SkipReason.STOPPING}


def test_an_ignored_failure_lets_the_run_go_on() -> None:
    drive = Drive(
        pipeline(
            task("a", on_error="continue"),
            task("b", "a", x="1"),
            last=[task("f", s="$(tasks.a.status) $(tasks.a.reason) $(tasks.status)")],
        ),
        {"a": Condition(status="False", reason="FailureIgnored")},
    )
    conclusion = drive.to_the_end()
    assert conclusion.condition.status == "True"
    assert (
        conclusion.condition.message == "Tasks Completed: 3 (Failed: 1 (Ignored: 1), Cancelled 0), Skipped: 0"
    )
    assert drive.launched["f"].params[0].value == "Failed FailureIgnored Failed"


def test_results_of_a_failed_task_can_be_used() -> None:
    drive = Drive(
        pipeline(task("a", on_error="continue"), task("b", x=USES_A)), {"a": (FAILED, {"r": "kept"})}
    )
    drive.to_the_end()
    assert drive.launched["b"].params[0].value == "kept"


def test_a_missing_result_of_a_successful_task_drops_the_batch() -> None:
    drive = Drive(pipeline(task("a"), task("uses", x=USES_A), task("after", "a"), last=[task("f")]))
    conclusion = drive.to_the_end()
    assert list(drive.launched) == ["a", "f"]
    assert conclusion.condition.reason == "PipelineValidationFailed"
    assert conclusion.condition.message.endswith(
        'Skipped: 1, Failed Validation: 1 (task "a" completed successfully but did not emit the result "r", '
        'which is referenced by task "uses")'
    )
    assert drive.skipped() == {"after": SkipReason.STOPPING}


def test_a_missing_result_of_an_ignored_failure() -> None:
    drive = Drive(pipeline(task("a", on_error="continue"), task("uses", x=USES_A)), {"a": FAILED})
    assert drive.to_the_end().condition.message.endswith(
        "(Invalid task result reference: Could not find result with name r for pipeline task a)"
    )


def test_a_consumer_that_may_fail_is_skipped_instead() -> None:
    drive = Drive(
        pipeline(task("a", on_error="continue"), task("uses", x=USES_A, on_error="continue")), {"a": FAILED}
    )
    conclusion = drive.to_the_end()
    assert drive.skipped() == {"uses": SkipReason.MISSING_RESULTS}
    assert conclusion.condition.reason == "Completed"


def test_a_real_failure_makes_an_invalid_task_a_skipped_one() -> None:
    drive = Drive(pipeline(task("a"), task("slow"), task("uses", x=USES_A)))
    drive.begin()
    drive.done("a")
    drive.done("slow", FAILED)
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Failed"
    assert drive.skipped() == {"uses": SkipReason.STOPPING}


def test_a_result_needed_in_the_matrix_alone_is_no_reason_to_skip() -> None:
    drive = Drive(pipeline(task("a", when=NEVER), task("m", matrix={"x": "$(tasks.a.results.r[*])"})))
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "PipelineValidationFailed"
    assert 'Internal result ref "a" has zero-length TaskRuns' in conclusion.condition.message
    assert drive.skipped() == {"a": SkipReason.STOPPING}


@pytest.mark.parametrize("last", [False, True])
def test_an_empty_array_in_the_matrix_skips(last: bool) -> None:
    empty = task("m", matrix={"x": ()})
    drive = Drive(pipeline(task("a"), last=[empty]) if last else pipeline(task("a"), empty, task("c", "m")))
    drive.to_the_end()
    assert drive.skipped()["m"] == SkipReason.EMPTY_ARRAY_IN_MATRIX_PARAMS
    assert last or drive.skipped()["c"] == SkipReason.PARENT_TASKS


def test_a_matrix_without_anything_skips() -> None:
    drive = Drive(pipeline(PipelineTask(name="m", matrix=Matrix())))
    drive.to_the_end()
    assert drive.skipped() == {"m": SkipReason.EMPTY_ARRAY_IN_MATRIX_PARAMS}


def test_finally_tasks_are_skipped_one_by_one() -> None:
    drive = Drive(
        pipeline(
            task("a"),
            last=[task("needs", x=USES_A), task("never", when=NEVER), task("always", x="$(tasks.status)")],
        )
    )
    drive.begin()
    decision = drive.done("a")
    assert decision.finally_started
    assert {skipped.name: bool(skipped.when) for skipped in decision.skipped} == {
        "needs": False,
        "never": True,
    }
    conclusion = drive.to_the_end()
    assert list(drive.launched) == ["a", "always"]
    assert drive.skipped() == {
        "needs": SkipReason.MISSING_RESULTS,
        "never": SkipReason.WHEN_EXPRESSIONS,
    }
    assert conclusion.condition.reason == "Completed"


def test_statuses_that_finally_tasks_see() -> None:
    names = ("ok", "no", "gone")
    drive = Drive(
        pipeline(
            task("ok"),
            task("no", when=NEVER),
            task("gone", "no", x="$(tasks.no.results.r)"),
            last=[task("f", **{name: f"$(tasks.{name}.status)|$(tasks.{name}.reason)" for name in names})],
        )
    )
    drive.to_the_end()
    seen = {param.name: param.value for param in drive.launched["f"].params}
    assert seen == {"ok": "Succeeded|Succeeded", "no": "None|", "gone": "None|"}


def test_an_index_beyond_the_end_fails_the_run_at_once() -> None:
    drive = Drive(
        pipeline(task("a"), task("b"), last=[task("f", x="$(tasks.a.results.list[2])")]),
        {"a": (SUCCEEDED, {"list": ("x", "y")})},
    )
    drive.begin()
    decision = drive.done("a")
    assert [wish.taskrun for wish in decision.cancel] == ["run-b"]
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "PipelineValidationFailed"
    assert conclusion.condition.message == (
        f"PipelineRun default/{RUN} can't be Run; couldn't resolve all references: "
        "array Result Index 2 for Task a Result list is out of bound of size 2"
    )
    assert list(drive.launched) == ["a", "b"]


@pytest.mark.parametrize("last", [False, True])
def test_a_condition_that_cannot_be_evaluated_fails_the_run(last: bool) -> None:
    bad = task("bad", when=When(cel="'a' =="))
    drive = Drive(pipeline(task("a"), last=[bad]) if last else pipeline(task("a"), bad))
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "CELEvaluationFailed"
    assert not drive.launched


@pytest.mark.parametrize("last", [False, True])
def test_a_result_that_spoils_a_condition_fails_the_run(last: bool) -> None:
    spoilt = task("spoilt", when=When(cel="'$(tasks.a.results.r)' == 'x'"))
    outcomes: dict[str, Outcome] = {"a": (SUCCEEDED, {"r": "it's"})}
    drive = Drive(pipeline(task("a"), last=[spoilt]) if last else pipeline(task("a"), spoilt), outcomes)
    assert drive.to_the_end().condition.reason == "CELEvaluationFailed"
    assert list(drive.launched) == ["a"]


def test_a_condition_is_evaluated_before_its_results_are_known() -> None:
    counted = task("b", when=When(cel="int('$(tasks.a.results.count)') > 1"))
    drive = Drive(pipeline(task("a"), counted), {"a": (SUCCEEDED, {"count": "2"})})
    condition = drive.to_the_end().condition
    assert condition.reason == "CELEvaluationFailed"
    assert condition.message.startswith("Error evaluating CEL run: int('$(tasks.a.results.count)') > 1: ")
    assert not drive.launched


def test_an_unknown_child_is_an_error() -> None:
    drive = Drive(pipeline(task("a")))
    drive.begin()
    with pytest.raises(ValueError, match="not a running child"):
        drive.progress.task_done("run-other", SUCCEEDED, now=0)


def test_a_pipeline_of_skipped_tasks_ends_with_its_beginning() -> None:
    drive = Drive(pipeline(task("a", when=NEVER)))
    assert drive.begin().conclusion is not None


def test_an_index_counts_for_arrays_only() -> None:
    drive = Drive(
        pipeline(task("a"), task("b", x="$(tasks.a.results.list[1]) $(tasks.a.results.r[5])", y=USES_A)),
        {"a": (SUCCEEDED, {"list": ("x", "y"), "r": "text"})},
    )
    assert drive.to_the_end().condition.succeeded
    assert drive.launched["b"].params[0].value == "y $(tasks.a.results.r[5])"


def test_a_finally_task_that_needs_an_unknown_task_is_skipped() -> None:
    drive = Drive(pipeline(task("a"), last=[task("f", x="$(tasks.ghost.results.r)")]))
    drive.to_the_end()
    assert drive.skipped() == {"f": SkipReason.MISSING_RESULTS}


def test_all_statuses_can_be_listed() -> None:
    run = new_run_state(pipeline(task("a"), task("b"), last=[task("f")]), RunFacts(run_name=RUN))
    statuses = Statuses(run)
    assert dict(statuses) == {
        "tasks.a.status": "None",
        "tasks.a.reason": "",
        "tasks.b.status": "None",
        "tasks.b.reason": "",
        "tasks.status": "Succeeded",
    }
    assert len(statuses) == 5
    assert "tasks.f.status" not in statuses
    assert "tasks.a.results" not in statuses
