"""``holkas run --watch``: runs again after a change, ends what goes, ends with Ctrl-C."""

from __future__ import annotations

import os
import signal

import pytest

from tests.command_line import eventually, processes_with

TASK = """\
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: watched}
spec:
  workspaces: [{name: src, emptyDir: {}}]
  taskSpec:
    workspaces: [{name: src}]
    steps: [{name: s, image: alpine, script: "cat $(workspaces.src.path)/word; touch $(workspaces.src.path)/made; WAIT"}]
"""


@pytest.fixture
def start(shell):
    started = []

    def begin(text):
        shell.file("src/word", "one\n")
        shell.file("run.yaml", text)
        started.append(shell.start("run", "run.yaml", "-w", "src=src", "--watch", "--progress", "quiet"))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def logs(shell):
    """What each run has printed, the oldest first."""
    found = shell("runs", "list", "-o", "json")
    items = reversed(found.json["items"]) if found.out else []
    return [shell("runs", "logs", item["name"]).out.rpartition("] ")[2].strip() for item in items]


def states(shell):
    return [item["state"] for item in shell("runs", "list", "-o", "json").json["items"]]


def test_it_runs_again_after_a_change_and_ends_with_ctrl_c(shell, start):
    process = start(TASK.replace("WAIT", "true"))
    eventually(lambda: logs(shell) == ["one"])
    eventually(lambda: states(shell) == ["Succeeded"])
    shell.file("src/word", "second\n")
    eventually(lambda: logs(shell) == ["one", "second"])
    shell.file("run.yaml", "broken: [")
    shell.file("run.yaml", TASK.replace("WAIT", "echo third"))
    eventually(lambda: logs(shell)[-1:] == ["third"])
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"note: changed: " in err
    assert b"Traceback" not in err


def test_a_change_ends_the_run_that_goes(shell, start):
    process = start(TASK.replace("WAIT", f"sleep {shell.seconds}"))
    eventually(lambda: processes_with(shell.seconds))
    shell.file("run.yaml", TASK.replace("WAIT", "true"))
    eventually(lambda: states(shell) == ["Succeeded", "TaskRunCancelled"])
    assert processes_with(shell.seconds) == []
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130


def test_a_file_that_cannot_be_used_is_waited_for(shell, start):
    process = start("kind: [")
    eventually(lambda: b"error" in os.read(process.stderr.fileno(), 4096))
    shell.file("run.yaml", TASK.replace("WAIT", "true"))
    eventually(lambda: (shell.state / "runs").is_dir() and logs(shell) == ["one"])
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130


def test_standard_input_cannot_be_watched(shell):
    said = shell("run", "-", "--watch", stdin=TASK)
    assert said.code == 2
    assert "standard input" in said.err
