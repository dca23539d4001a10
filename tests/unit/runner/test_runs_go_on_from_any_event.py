"""A run that broke off after any of its events ends as it ended the first time, and what had ended does not start."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from holkas.model.record import PipelineRunRecord
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode
from holkas.roles.errors import NotFound, ToolError
from holkas.state.store import Store

from tests.local_runs import Runner

HEAD = """
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: run}
spec:
"""


def task(name, script="true", more=""):
    return f"""
    - name: {name}
      {more}
      taskSpec:
        results: [{{name: r}}]
        steps: [{{name: s, image: alpine, script: '{script}'}}]"""


def pipeline(*tasks, last="", more=""):
    text = f"{HEAD}{more}\n  pipelineSpec:\n    tasks:{''.join(tasks)}"
    return f"{text}\n    finally:{last}" if last else text


STATUSES = '"$(tasks.a.status) $(tasks.b.status) $(tasks.status)"'
TELL = f"""
    - name: z
      params: [{{name: s, value: {STATUSES}}}]
      taskSpec:
        params: [{{name: s}}]
        results: [{{name: r}}]
        steps: [{{name: s, image: alpine, script: 'printf "$(params.s)" > $(results.r.path)'}}]"""

NESTED = """
    - name: inner
      pipelineSpec:
        tasks:
        - {name: x1, taskSpec: {steps: [{name: s, image: alpine, script: 'exit CODE'}]}}
        - {name: y1, runAfter: [x1], taskSpec: {steps: [{name: s, image: alpine, script: 'true'}]}}"""

RUNS = {
    "good": pipeline(
        task("a", "printf 1 > $(results.r.path)"),
        task("b", "test $(params.p) = 1", "params: [{name: p, value: $(tasks.a.results.r)}]").replace(
            "taskSpec:", "taskSpec:\n        params: [{name: p}]"
        ),
        last=TELL,
    ),
    "failure before another starts": pipeline(
        task("a", "exit 1"), task("b"), task("c", more="runAfter: [b]"), last=TELL
    ),
    "failure after another started": pipeline(
        task("b"), task("a", "exit 1"), task("c", more="runAfter: [b]"), last=TELL
    ),
    "failure that is ignored": pipeline(
        task("a", "exit 1", "onError: continue"), task("b", more="runAfter: [a]"), last=TELL
    ),
    "retries": pipeline(task("a", "exit 3", "retries: 2"), task("b", more="runAfter: [a]"), last=TELL),
    "conditions": pipeline(
        task("a", more="when: [{input: x, operator: in, values: [other]}]"),
        task("b", more="runAfter: [a]"),
        last=TELL,
    ),
    "matrix": pipeline(
        task(
            "a", "printf $(params.p) > $(results.r.path)", "matrix: {params: [{name: p, value: [u, v, w]}]}"
        ).replace("taskSpec:", "taskSpec:\n        params: [{name: p}]"),
        task("b", more="runAfter: [a]"),
        last=TELL,
    ),
    "pipeline inside": pipeline(NESTED.replace("CODE", "0"), task("a", more="runAfter: [inner]"), task("b")),
    "failure inside": pipeline(NESTED.replace("CODE", "1"), task("a"), task("b", more="runAfter: [inner]")),
    "time-out": pipeline(
        task("a"),
        task("b", "sleep 60", "runAfter: [a]"),
        task("c", more="runAfter: [b]"),
        last=TELL,
        more="  timeouts: {pipeline: 10m, tasks: 300ms}",
    ),
    "missing result": pipeline(
        task("a"),
        task("b", "true", "params: [{name: p, value: $(tasks.a.results.r)}]"),
        last=TELL,
    ),
}


@pytest.fixture
def runner(tmp_path):
    runner = Runner.make(tmp_path, "process")
    yield runner
    runner.server.close()


def outcome(record):
    if record.condition.reason == "TaskRunCancelled":  # how far it came before is a matter of time
        return record.name, record.condition
    if not isinstance(record, PipelineRunRecord):
        steps = [(step.name, step.exit_code, step.reason, step.termination) for step in record.steps]
        attempts = [outcome(attempt) for attempt in record.attempts]
        return (
            record.name,
            record.condition,
            record.results,
            steps,
            attempts,
            record.params,
            record.applied_spec,
        )
    inner = sorted((outcome(child) for child in record.children), key=lambda child: child[0])
    return record.name, record.condition, record.results, record.skipped, inner


def break_off(runner, run_id, after):
    """Make the store look as if the run's process had died after its first so many events."""
    with sqlite3.connect(runner.root / "state" / "holkas.db") as store:
        seqs = [
            row[0] for row in store.execute("SELECT seq FROM events WHERE run = ? ORDER BY seq", (run_id,))
        ]
        store.executemany("DELETE FROM events WHERE seq = ?", [(seq,) for seq in seqs[after:]])
        store.execute("UPDATE runs SET status = 'Unknown', finished = NULL WHERE id = ?", (run_id,))
    store.close()


def events(runner, run_id):
    store = Store(runner.root / "state")
    try:
        return [event for _, event in store.events(run_id)]
    finally:
        store.close()


@pytest.mark.parametrize("name", RUNS)
def test_from_any_event(runner, name):
    started, *_ = runner.start(RUNS[name], jobs=1)
    finished = started.begin().finish()
    wanted = outcome(finished.record)
    whole = events(runner, finished.id)
    assert whole[-1].kind is RunEventKind.RUN_FINISHED
    for after in range(len(whole) - 1, -1, -1):
        break_off(runner, finished.id, after)
        kept = events(runner, finished.id)
        assert len(kept) == after
        runner.server.resume(finished.id, started.request)
        told = list(runner.server.follow(finished.id))
        assert told[: len(kept)] == kept
        new = told[len(kept) :]
        assert new[0].kind is RunEventKind.RUN_RESUMED
        ended = {
            event.task
            for event in kept
            if event.kind is RunEventKind.TASK_FINISHED and not event.data["retried"]
        }
        assert not ended & {event.task for event in new if event.kind is RunEventKind.TASK_STARTED}
        assert outcome(runner.server.record(finished.id)) == wanted, f"broken off after {kept[-1:]}"
        skipped = [event.task for event in told if event.kind is RunEventKind.TASK_SKIPPED]
        assert len(skipped) == len(set(skipped)), "told once"


def test_a_wish_to_end_still_holds(runner):
    text = pipeline(
        task("a"), task("b", "sleep 60", "runAfter: [a]"), task("c", more="runAfter: [b]"), last=TELL
    )
    started, *_ = runner.start(text)
    started.begin()
    for event in started.events():
        if event.kind is RunEventKind.STEP_STARTED and event.task.endswith("-b"):
            runner.server.cancel(started.id, CancelMode.RUN_FINALLY)
    wanted = outcome(runner.server.record(started.id))
    whole = events(runner, started.id)
    (wish,) = [place for place, event in enumerate(whole) if event.kind is RunEventKind.CANCEL_REQUESTED]
    break_off(runner, started.id, wish + 1)
    runner.server.resume(started.id, started.request)
    list(runner.server.follow(started.id))
    again = outcome(runner.server.record(started.id))
    assert again[1:4] == wanted[1:4]
    assert wanted[1].reason == "Cancelled"


def test_a_single_task_goes_on(runner):
    text = (
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: t}\n"
        "spec: {taskSpec: {steps: [{name: s, image: a, script: 'true'}]}}\n"
    )
    started, *_ = runner.start(text)
    finished = started.begin().finish()
    for after in range(len(events(runner, finished.id))):
        break_off(runner, finished.id, after)
        runner.server.resume(finished.id, started.request)
        list(runner.server.follow(finished.id))
        assert outcome(runner.server.record(finished.id)) == outcome(finished.record)
    again = replace(started.request, follows=finished.id)
    second = runner.server.start(again)
    told = list(runner.server.follow(second))
    (ended,) = [event for event in told if event.kind is RunEventKind.TASK_FINISHED]
    assert ended.data["origin"] == f"run {finished.id}"


def test_what_cannot_be_resumed_is_said(runner):
    started, *_ = runner.start(RUNS["good"])
    with pytest.raises(NotFound):
        runner.server.resume("20200101-000000-abcd", started.request)
    finished = started.begin().finish()
    with pytest.raises(ToolError, match="has ended"):
        runner.server.resume(finished.id, started.request)


def test_the_log_of_an_attempt_that_broke_off_begins_anew(runner):
    started, *_ = runner.start(pipeline(task("a", "echo once")))
    finished = started.begin().finish()
    whole = events(runner, finished.id)
    (begun,) = [place for place, event in enumerate(whole) if event.kind is RunEventKind.STEP_STARTED]
    break_off(runner, finished.id, begun + 1)
    runner.server.resume(finished.id, started.request)
    list(runner.server.follow(finished.id))
    assert finished.log("a", "s") == "once\n"


def test_the_oldest_runs_that_have_ended_are_forgotten(runner, monkeypatch):
    monkeypatch.setattr("holkas_builtin.runner.build_server._KNOWN", 2)
    first, second, third = (runner.run(pipeline(task("a"))).id for _ in range(3))
    assert runner.server.record(third).children
    told = runner.server.record(first)
    assert (told.condition.status, told.children) == ("True", ())
    assert list(runner.server.follow(first))[-1].kind is RunEventKind.RUN_FINISHED
    runner.server.record(second)


def test_tasks_of_the_same_name_in_different_pipelines_have_logs_of_their_own(runner):
    text = """
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: run}
spec:
  pipelineSpec:
    tasks:
    - name: a
      pipelineSpec:
        tasks: [{name: b-c, taskSpec: {steps: [{name: s, image: alpine, script: 'echo one'}]}}]
    - name: a-b
      pipelineSpec:
        tasks: [{name: c, taskSpec: {steps: [{name: s, image: alpine, script: 'echo two'}]}}]
"""
    finished = runner.run(text)
    logs = sorted(path.read_text() for path in (finished.directory / "logs").rglob("*.log"))
    assert logs == ["one\n", "two\n"]
