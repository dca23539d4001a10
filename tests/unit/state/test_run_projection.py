"""A run is what its events tell, at any moment."""

from __future__ import annotations

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.projection import RunView, project

K = RunEventKind


def events(*told):
    for time, (kind, where, data) in enumerate(told, start=1):
        task, _, step = where.partition("/")
        yield RunEvent(time=float(time), kind=kind, run="r", task=task, step=step, data=data)


STORY = (
    (K.NOTE, "", {"text": "executor: process", "level": "info"}),
    (K.RUN_STARTED, "", {"kind": "PipelineRun", "name": "p", "tasks": ["a", "b"], "finally_tasks": ["f"]}),
    (K.TASK_STARTED, "p-a", {"pipeline_task": "a", "steps": ["x", "y"], "attempt": 0}),
    (K.STEP_STARTED, "p-a/x", {"log": "logs/p-a/x.log"}),
    (K.LOG, "p-a/x", {"text": "line"}),
    (
        K.STEP_FINISHED,
        "p-a/x",
        {"exit_code": 3, "reason": "Error", "termination": "Error", "results": {"s": "1"}},
    ),
    (K.TASK_FINISHED, "p-a", {"status": "False", "reason": "StepFailed", "retried": True}),
    (K.TASK_STARTED, "p-a", {"pipeline_task": "a", "steps": ["x", "y"], "attempt": 1}),
    (K.STEP_STARTED, "p-a/x", {"log": "logs/p-a.1/x.log"}),
    (K.STEP_FINISHED, "p-a/x", {"exit_code": 0, "reason": "Completed", "results": {}}),
    (
        K.TASK_FINISHED,
        "p-a",
        {"status": "True", "reason": "Succeeded", "message": "ok", "results": {"r": "v"}},
    ),
    (K.TASK_SKIPPED, "b", {"reason": "When Expressions evaluated to false"}),
    (K.CANCEL_REQUESTED, "", {"mode": "Cancelled"}),
    (K.RUN_FINISHED, "", {"status": "True", "reason": "Completed", "message": "m", "results": {"out": "v"}}),
)


def test_the_whole_story():
    view = project(events(*STORY))
    assert (view.name, view.kind, view.planned, view.finally_tasks) == ("p", "PipelineRun", ["a", "b"], ["f"])
    assert (view.status, view.reason, view.message, view.results) == ("True", "Completed", "m", {"out": "v"})
    assert (view.started, view.finished) == (1.0, 14.0)
    assert view.skipped == {"b": "When Expressions evaluated to false"}
    assert view.notes == [("info", "executor: process")]
    assert view.cancel_mode == "Cancelled"
    task = view.tasks["p-a"]
    assert (task.status, task.reason, task.attempt, task.results) == ("True", "Succeeded", 1, {"r": "v"})
    assert (task.started, task.finished) == (3.0, 11.0)
    assert task.steps["x"].log == "logs/p-a.1/x.log"
    assert task.steps["y"].state == "waiting"


def test_between_two_attempts_a_task_waits_to_be_retried():
    task = project(events(*STORY[:7])).tasks["p-a"]
    assert task.running
    assert task.reason == "ToBeRetried"
    assert task.steps["x"].state == "Error"
    assert task.steps["x"].results == {"s": "1"}


def test_what_had_not_ended_was_interrupted():
    view = project(events(*STORY[:4]))
    view.interrupt()
    assert view.tasks["p-a"].reason == "Interrupted"
    assert [step.state for step in view.tasks["p-a"].steps.values()] == ["interrupted", "waiting"]


def test_what_had_ended_was_not():
    view = project(events(*STORY))
    view.interrupt()
    assert view.tasks["p-a"].reason == "Succeeded"


def test_a_run_without_events_is_empty():
    assert project([]) == RunView()
