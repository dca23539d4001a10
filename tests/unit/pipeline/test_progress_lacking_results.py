"""Runs in which a task that is due lacks a result: what still starts, and what is said of the others."""

from __future__ import annotations

import pytest
from holkas.model.param import Param
from holkas.model.when import When

from tests.pipeline_runs import FAILED, NEVER, SUCCEEDED, Drive, pipeline, task

STOPPING = "PipelineRun was stopping"
WANTS = "$(tasks.a.results.r)"


def when(text: str, *values: str) -> When:
    return When(input=text, operator="in", values=values)


def ended(drive: Drive) -> tuple[str, str]:
    condition = drive.to_the_end().condition
    return condition.reason, condition.message


def test_a_task_that_becomes_due_later_may_lack_a_result_too() -> None:
    drive = Drive(pipeline(task("a"), task("b"), task("x", p=WANTS), task("y", "b", p=WANTS), task("z", "b")))
    drive.begin()
    drive.done("a")
    drive.done("b")
    lacking = 'task "a" completed successfully but did not emit the result "r", which is referenced by task'
    assert ended(drive) == (
        "PipelineValidationFailed",
        "Tasks Completed: 2 (Failed: 0, Cancelled 0), Skipped: 1, Failed Validation: 2 "
        f'({lacking} "x"; {lacking} "y")',
    )
    assert drive.skipped() == {"z": STOPPING}


def test_a_failure_later_on_makes_it_an_ordinary_stop() -> None:
    drive = Drive(pipeline(task("a"), task("b"), task("x", p=WANTS), task("y", "b", p=WANTS)), {"b": FAILED})
    assert ended(drive) == ("Failed", "Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 2")
    assert drive.skipped() == {"x": STOPPING, "y": STOPPING}


def test_what_lacks_a_result_has_neither_failed_nor_been_skipped() -> None:
    last = task("f", p="$(tasks.status) $(tasks.x.status)")
    drive = Drive(pipeline(task("a"), task("x", p=WANTS), last=[last]))
    assert ended(drive)[0] == "PipelineValidationFailed"
    assert drive.launched["f"].params == (Param(name="p", value="Succeeded None"),)


def test_others_keep_their_reasons_where_its_failure_would_be_ignored() -> None:
    lacking = task("x", matrix={"m": (WANTS,)}, on_error="continue")
    others = (task("never", "x", when=NEVER), task("consumer", "x", p="$(tasks.never.results.r)"))
    drive = Drive(pipeline(task("a"), lacking, *others))
    assert ended(drive)[1].startswith(
        "Tasks Completed: 1 (Failed: 0, Cancelled 0), Skipped: 2, Failed Validation: 1 ("
    )
    assert drive.skipped() == {
        "never": "When Expressions evaluated to false",
        "consumer": "Results were missing",
    }


def test_a_run_that_would_hang_with_tekton_stops() -> None:
    drive = Drive(pipeline(task("a"), task("x", matrix={"m": (WANTS,)}, on_error="continue"), task("y", "x")))
    assert ended(drive)[0] == "PipelineValidationFailed"
    assert drive.skipped() == {"y": STOPPING}


@pytest.mark.parametrize(
    ("order", "skipped"),
    [("xy", "When Expressions evaluated to false"), ("yx", None)],
    ids=["the one left waiting comes later", "it comes before"],
)
def test_finally_tasks_that_ask_for_statuses(order: str, skipped: str | None) -> None:
    tasks = {"x": task("x", p=WANTS), "y": task("y", "a")}
    last = task("f", when=when("$(tasks.status)", "Completed"))
    drive = Drive(pipeline(task("a"), *(tasks[name] for name in order), last=[last]))
    assert ended(drive)[0] == "PipelineValidationFailed"
    assert drive.skipped().get("f") == skipped
    assert ("f" in drive.launched) == (skipped is None)


def test_a_finally_task_starts_with_another_that_does_not_ask() -> None:
    asks = task("asks", when=when("$(tasks.status)", "Completed"))
    drive = Drive(pipeline(task("a"), task("x", p=WANTS), task("y", "a"), last=[asks, task("f")]))
    assert ended(drive)[0] == "PipelineValidationFailed"
    assert {"asks", "f"} <= set(drive.launched)


def test_of_a_matrix_the_first_run_is_blamed() -> None:
    drive = Drive(
        pipeline(
            task("a"),
            task("m", matrix={"v": ("1", "2")}),
            task("x", first="$(tasks.m.results.r[*])", second=WANTS),
        ),
        {"m-1": (SUCCEEDED, {"r": "v"})},
    )
    assert 'task "m" completed successfully but did not emit the result "r"' in ended(drive)[1]
