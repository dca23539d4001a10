"""Runs that end before their time: by kill -9, by Ctrl-C, by another command. Nothing is lost, nothing stays behind."""

from __future__ import annotations

import os
import signal
import time

import pytest
from holkas_builtin.runner.run_context import secrets_root

from tests.command_line import eventually, processes_with
from tests.local_runs import EXECUTORS, need

PIPELINE = """\
apiVersion: v1
kind: Secret
metadata: {name: cred}
stringData: {token: very-secret-token}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: slow}
spec:
  workspaces: [{name: w, secret: {secretName: cred}}]
  pipelineSpec:
    workspaces: [{name: w}]
    tasks:
    - name: one
      workspaces: [{name: w}]
      taskSpec:
        workspaces: [{name: w}]
        results: [{name: r}]
        steps: [{name: s, image: alpine, script: "echo first; printf kept > $(results.r.path)"}]
    - name: two
      runAfter: [one]
      workspaces: [{name: w}]
      taskSpec:
        workspaces: [{name: w}]
        steps: [{name: s, image: alpine, script: "echo second; sleep SECONDS & sleep SECONDS"}]
    finally:
    - name: last
      taskSpec:
        steps: [{name: s, image: alpine, script: "echo third"}]
"""


QUICK = PIPELINE.replace("sleep SECONDS & sleep SECONDS", "true")


def write(shell, name, text):
    shell.file(name, text.replace("SECONDS", shell.seconds))


@pytest.fixture(params=EXECUTORS)
def executor(request):
    return need(request.param)


@pytest.fixture
def run(shell, executor):
    """A run in a process of its own, on its way."""
    write(shell, "slow.yaml", PIPELINE)
    process = shell.start("run", "slow.yaml", "--executor", executor)
    yield process
    process.kill()
    process.communicate()


def events_of(shell):
    return shell("runs", "show", "-o", "json").json


def sleeping(shell):
    """The steps of this test that sleep."""
    return processes_with(shell.seconds)


def left_in_memory(shell):
    """Files of secrets of this store's runs, which may lie outside of the state directory."""
    place = secrets_root("any", shell.state / "work" / "any").parent
    return [path for path in place.rglob("*") if path.is_file()]


def test_kill_9_in_the_middle_loses_nothing_and_leaves_nothing(shell, run, executor):
    eventually(lambda: sleeping(shell))
    shell.kill(run)
    shown = events_of(shell)
    assert shown["state"] == "Interrupted"
    assert shown["status"] == "Unknown"
    one, two = shown["tasks"]
    assert (one["pipelineTask"], one["reason"], one["results"]) == ("one", "Succeeded", {"r": "kept"})
    assert (two["pipelineTask"], two["reason"]) == ("two", "Interrupted")
    assert [step["state"] for step in two["steps"]] == ["interrupted"]
    assert "Interrupted" in shell("runs", "list").out
    assert "Running" not in shell("runs", "show").out + shell("runs", "list").out
    assert "first" in shell("runs", "logs").out
    assert "second" in shell("runs", "logs", "latest", "two").out
    eventually(lambda: not sleeping(shell))
    assert list((shell.state / "work").iterdir()) != []
    assert left_in_memory(shell) != []
    write(shell, "next.yaml", QUICK)
    assert shell("run", "next.yaml", "--executor", executor).code == 0
    assert list((shell.state / "work").iterdir()) == []
    assert left_in_memory(shell) == []
    assert [run["state"] for run in shell("runs", "list", "-o", "json").json["items"]] == [
        "Succeeded",
        "Interrupted",
    ]


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.25, 0.35, 0.5, 0.7, 0.9])
def test_kill_9_at_any_moment_leaves_a_state_that_can_be_read(shell, delay):
    """The moment differs with the machine: whatever it hits, what is told afterwards is true."""
    write(shell, "slow.yaml", PIPELINE)
    process = shell.start("run", "slow.yaml")
    time.sleep(delay)
    shell.kill(process)
    listed = shell("runs", "list", "-o", "json")
    assert listed.code == 0
    for item in listed.json["items"]:
        assert item["state"] == "Interrupted"
        shown = events_of(shell)
        for task in shown["tasks"]:
            if task["reason"] == "Succeeded":
                assert task["results"] == {"r": "kept"}
            else:
                assert task["reason"] == "Interrupted"
    write(shell, "next.yaml", QUICK)
    eventually(lambda: shell("run", "next.yaml").code == 0 and not list((shell.state / "work").iterdir()))
    eventually(lambda: not sleeping(shell))
    assert shell("runs", "prune", "--keep", "0").code == 0
    assert shell("runs", "list", "-o", "json").json["items"] == []


def test_ctrl_c_cancels_and_runs_finally(shell, run):
    eventually(lambda: sleeping(shell))
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=120)
    assert run.returncode == 130
    assert b"third" in err
    assert b"Traceback" not in err
    shown = events_of(shell)
    assert shown["state"] == "Cancelled"
    assert [task["pipelineTask"] for task in shown["tasks"]] == ["one", "two", "last"]
    assert sleeping(shell) == []
    assert list((shell.state / "work").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_wishes_to_end_are_taken_as_ctrl_c(shell, number):
    write(shell, "slow.yaml", PIPELINE)
    process = shell.start("run", "slow.yaml")
    eventually(lambda: sleeping(shell))
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"third" in err
    assert sleeping(shell) == []


def test_a_second_ctrl_c_ends_the_finally_tasks_too(shell, executor):
    write(shell, "slow.yaml", PIPELINE.replace("echo third", "echo third; sleep SECONDS"))
    process = shell.start("run", "slow.yaml", "--executor", executor, "-o", "name")
    eventually(lambda: sleeping(shell))
    process.send_signal(signal.SIGINT)
    eventually(lambda: "third" in shell("runs", "logs").out)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out.decode().strip() == "pipelinerun.tekton.dev/slow"
    assert b"Traceback" not in err
    assert sleeping(shell) == []
    assert events_of(shell)["state"] == "Cancelled"


def test_many_signals_at_once_do_not_meet_a_lock(shell, run):
    eventually(lambda: sleeping(shell))
    for _ in range(50):
        os.kill(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=120)
    assert run.returncode == 130
    assert b"Traceback" not in err
    assert sleeping(shell) == []


def test_after_ctrl_c_the_files_other_runs_do_not_begin(shell):
    another = PIPELINE.partition("---\n")[2].replace("name: slow", "name: next")
    write(shell, "slow.yaml", f"{PIPELINE}---\n{another}")
    process = shell.start("run", "slow.yaml", "-o", "name")
    eventually(lambda: sleeping(shell))
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out.decode().split() == ["pipelinerun.tekton.dev/slow"]


@pytest.mark.parametrize(
    ("mode", "tasks", "reason"),
    [("run-finally", ["one", "two", "last"], "Cancelled"), ("cancelled", ["one", "two"], "Cancelled")],
)
def test_another_command_can_cancel(shell, run, mode, tasks, reason):
    eventually(lambda: sleeping(shell))
    said = shell("runs", "cancel", "slow", "--mode", mode)
    assert said.code == 0
    assert said.out.split()[1] == reason
    run.communicate(timeout=120)
    assert run.returncode == 130
    assert [task["pipelineTask"] for task in events_of(shell)["tasks"]] == tasks
    assert sleeping(shell) == []
    again = shell("runs", "cancel", "slow")
    assert again.code == 1
    assert "does not run" in again.err


def test_a_cancelled_run_can_stop_after_what_runs_now(shell):
    write(shell, "slow.yaml", PIPELINE.replace("sleep SECONDS & sleep SECONDS", "sleep 2"))
    process = shell.start("run", "slow.yaml")
    eventually(lambda: "second" in shell("runs", "logs").out)
    assert shell("runs", "cancel", "--mode", "stopped", "--no-wait").code == 0
    process.communicate(timeout=120)
    names = [task["pipelineTask"] for task in events_of(shell)["tasks"]]
    assert names == ["one", "two", "last"]


def test_logs_are_followed_to_the_end(shell, run):
    eventually(lambda: sleeping(shell))
    following = shell.start("runs", "logs", "-f")
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=120)
    out, _ = following.communicate(timeout=120)
    assert following.returncode == 0
    assert [line.split("] ")[1] for line in out.decode().splitlines()] == ["first", "second", "third"]


def test_prune_leaves_a_run_that_goes_on(shell, run):
    eventually(lambda: sleeping(shell))
    said = shell("runs", "prune", "--keep", "0")
    assert (said.code, said.out) == (0, "")
    assert events_of(shell)["state"] == "Running"
    assert "first" in shell("runs", "logs").out
