"""From steps to the condition of a task run."""

from __future__ import annotations

import pytest
from holkas.model.param import Result, ResultSpec
from holkas.model.record import StepRecord
from holkas.model.task import TaskSpec
from holkas.model.value import Value, ValueType
from holkas.pipeline.task_status import (
    cancelled_condition,
    check_results,
    sidecar_condition,
    steps_condition,
    timed_out_condition,
    too_large_condition,
)

GOOD = StepRecord(name="good", exit_code=0, termination="Completed")


def test_all_steps_went_well() -> None:
    condition = steps_condition([GOOD, GOOD])
    assert (condition.status, condition.reason, condition.message) == (
        "True",
        "Succeeded",
        "All Steps have completed executing",
    )


@pytest.mark.parametrize(
    ("step", "reason", "message"),
    [
        (StepRecord(name="x", exit_code=3, termination="Error"), "StepFailed", '"step-x" exited with code 3'),
        (StepRecord(name="", exit_code=1), "StepFailed", '"step-unnamed-1" exited with code 1'),
        (
            StepRecord(name="x", exit_code=1, termination="TimeoutExceeded"),
            "StepFailed",
            '"step-x" exited because the step exceeded the specified timeout limit',
        ),
        (StepRecord(name="x", exit_code=137, reason="OOMKilled"), "StepOOM", '"step-x" exited with code 137'),
        (StepRecord(name="x", exit_code=0, reason="OOMKilled"), "StepOOM", "OOMKilled"),
        (StepRecord(name="x", termination="Cancelled"), "StepFailed", '"step-x" was cancelled'),
    ],
)
def test_the_first_failure_decides(step: StepRecord, reason: str, message: str) -> None:
    skipped = StepRecord(name="later", exit_code=1, termination="Skipped")
    condition = steps_condition([GOOD, step, skipped])
    assert (condition.status, condition.reason, condition.message) == ("False", reason, message)
    assert steps_condition([GOOD, step], ignored=True).reason == "FailureIgnored"


def test_a_step_that_may_fail() -> None:
    assert steps_condition([StepRecord(name="x", exit_code=9, termination="Continued"), GOOD]).succeeded


@pytest.mark.parametrize(
    ("sidecar", "reason", "message"),
    [
        (StepRecord(name="db", exit_code=1), "SidecarFailed", '"sidecar-db" exited with code 1'),
        (StepRecord(name="db", reason="OOMKilled"), "SidecarOOM", '"sidecar-db" OOMKilled'),
    ],
)
def test_sidecars(sidecar: StepRecord, reason: str, message: str) -> None:
    condition = sidecar_condition(sidecar)
    assert (condition.reason, condition.message) == (reason, message)
    assert sidecar_condition(sidecar, ignored=True).reason == "FailureIgnored"


def test_ends_from_outside() -> None:
    assert timed_out_condition("t", 90).message == 'TaskRun "t" failed to finish within "1m30s"'
    assert timed_out_condition("t", 90).reason == "TaskRunTimeout"
    assert cancelled_condition("t", "Because.").message == 'TaskRun "t" was cancelled. Because.'
    assert cancelled_condition("t").message == 'TaskRun "t" was cancelled.'
    assert cancelled_condition("t").reason == "TaskRunCancelled"
    assert too_large_condition("too much").reason == "TaskRunResultLargerThanAllowedLimit"


SPEC = TaskSpec(
    results=(
        ResultSpec(name="text"),
        ResultSpec(name="list", type=ValueType.ARRAY),
        ResultSpec(
            name="obj",
            type=ValueType.OBJECT,
            properties={"a": ValueType.STRING, "b": ValueType.STRING},
        ),
    )
)


def results(**values: Value) -> list[Result]:
    return [Result(name=name, value=value) for name, value in values.items()]


def test_results_that_fit_or_are_missing() -> None:
    good = results(text="v", obj={"a": "1", "b": "2", "c": "3"}, undeclared=("x",))
    assert check_results(SPEC, good) == (tuple(good), None)
    assert check_results(SPEC, []) == ((), None)


def test_results_of_another_type_are_dropped_and_fail_the_run() -> None:
    kept, condition = check_results(SPEC, results(text=("a",), list="no", obj={"a": "1", "b": "2"}))
    assert [result.name for result in kept] == ["obj"]
    assert condition is not None
    assert condition.reason == "TaskRunValidationFailed"
    assert condition.message == (
        "Provided results don't match declared results; may be invalid JSON or missing result declaration:  "
        '"list": task result is expected to be "array" type but was initialized to a different type "string", '
        '"text": task result is expected to be "string" type but was initialized to a different type "array"'
    )


def test_objects_without_all_their_keys_fail_the_run() -> None:
    kept, condition = check_results(SPEC, results(obj={"b": "2"}))
    assert len(kept) == 1
    assert condition is not None
    assert condition.message == (
        "missing keys for these results which are required in TaskResult's properties map[obj:[a]]"
    )
