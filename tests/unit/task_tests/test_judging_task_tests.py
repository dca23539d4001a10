"""Whether what a task did is what its test expects."""

from __future__ import annotations

from holkas.model.param import Result
from holkas.model.record import Condition, StepRecord, TaskRunRecord
from holkas.task_tests.decoding import decode_case
from holkas.task_tests.judging import Observed, judge
from holkas.task_tests.stubs import Call

GOOD = Condition(status="True", reason="Succeeded", message="All Steps have completed executing")
BAD = Condition(status="False", reason="StepFailed", message='"step-a" exited with code 3')


def found(expect, *, condition=GOOD, results=None, steps=(), logs=None, calls=(), files=None):
    """Where something is not as expected."""
    record = TaskRunRecord(
        name="t",
        condition=condition,
        steps=tuple(steps),
        results=tuple(Result(name=name, value=value) for name, value in (results or {}).items()),
    )
    observed = Observed(
        record=record,
        logs=logs or {},
        calls=tuple(calls),
        file=lambda workspace, path: (files or {}).get(f"{workspace}/{path}"),
    )
    return judge(decode_case({"name": "n", "expect": expect}, None).expected, observed)


def where(*arguments, **others):
    return [mismatch.where for mismatch in found(*arguments, **others)]


def test_success_is_expected():
    assert where({}) == []
    assert where({}, condition=BAD) == ["status", "message"]
    assert where({"status": "Failed"}) == ["status", "message"]
    assert where({"status": "Failed", "reason": "StepFailed"}, condition=BAD) == []
    assert where({"status": "Failed", "reason": "TaskRunTimeout"}, condition=BAD) == ["reason"]
    assert where({"status": "Failed", "message": {"contains": "code 4"}}, condition=BAD) == ["message"]


def test_results():
    results = {"a": "x", "o": {"k": "v"}, "l": ["1", "2"]}
    assert where({"results": {"a": "x", "o": {"equals": {"k": "v"}}, "l": [1, 2]}}, results=results) == []
    assert where({"results": {"a": "y", "b": "x"}}, results=results) == ["results.a", "results.b"]
    assert where({"results": {"a": {"matches": "^x$"}, "l": {"contains": '"2"'}}}, results=results) == []
    assert where({"results": {"l": ["2", "1"]}}, results=results) == ["results.l"]


def test_steps():
    steps = [
        StepRecord(
            name="a", exit_code=3, reason="Error", termination="Error", results=(Result(name="r", value="v"),)
        ),
        StepRecord(name="b", exit_code=1, reason="Error", termination="Skipped"),
    ]
    good = {
        "a": {"exitCode": 3, "reason": "Error", "results": {"r": "v"}, "skipped": False},
        "b": {"skipped": True},
    }
    assert where({"steps": good}, steps=steps) == []
    bad = {
        "a": {
            "exitCode": 0,
            "reason": "OOMKilled",
            "results": {"r": "w"},
            "skipped": True,
            "log": {"contains": "x"},
        },
        "c": {},
    }
    assert where({"steps": bad}, steps=steps) == [
        "steps.a.skipped",
        "steps.a.exitCode",
        "steps.a.reason",
        "steps.a.results.r",
        "steps.a.log",
        "steps.c",
    ]


def test_logs_of_all_steps_and_of_one():
    logs = {"a": "one\n", "b": "two\n"}
    steps = [StepRecord(name="a"), StepRecord(name="b")]
    assert where({"log": "one\ntwo\n", "steps": {"b": {"log": "two\n"}}}, logs=logs, steps=steps) == []
    assert where({"log": {"excludes": "two", "matches": "^three"}}, logs=logs) == ["log", "log"]


def test_files_of_workspaces():
    files = {"w/a": "text"}
    assert where({"workspaces": {"w": {"a": "text", "b": {"exists": False}}}}, files=files) == []
    assert where({"workspaces": {"w": {"a": {"exists": False}, "b": {"exists": True}}}}, files=files) == [
        "workspaces.w.a",
        "workspaces.w.b",
    ]


def test_calls_of_stubs():
    calls = [Call("git", ("clone", "x")), Call("npm", ()), Call("git", ("log",))]
    assert (
        where({"stubs": {"git": {"times": 2, "calls": [["clone", "x"], {"contains": "log"}]}}}, calls=calls)
        == []
    )
    assert where({"stubs": {"git": {"times": 1}, "npm": {"calls": []}}}, calls=calls) == [
        "stubs.git.times",
        "stubs.npm.calls",
    ]
    (wrong,) = found({"stubs": {"git": {"calls": [["clone", "y"], {"matches": "^log$"}]}}}, calls=calls)
    assert (
        wrong.difference[:2] == ('- ["clone", "y"]', '+ ["clone", "x"]')
        or '- ["clone", "y"]' in wrong.difference
    )


def test_long_texts_are_told_by_their_difference():
    (wrong,) = found({"log": "a\nb\nc\n"}, logs={"s": "a\nB\nc\n"})
    assert "-b" in wrong.difference
    assert "+B" in wrong.difference
    (long,) = found({"results": {"r": "x" * 5000}}, results={"r": ""})
    assert len(long.expected) < 2100
