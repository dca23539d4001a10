"""``holkas debug``: a command or a shell in the place of a step, with all that the step had."""

from __future__ import annotations

import os
import pty
import select
import time

import pytest

from tests.local_runs import EXECUTORS, need

PIPELINE = """\
apiVersion: v1
kind: Secret
metadata: {name: cred}
stringData: {token: very-secret-token}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: delivery}
spec:
  workspaces: [{name: w, volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}]
  pipelineSpec:
    workspaces: [{name: w}]
    tasks:
    - name: one
      workspaces: [{name: w}]
      taskSpec:
        workspaces: [{name: w}]
        results: [{name: r}]
        steps: [{name: s, image: alpine, script: "echo hi > $(workspaces.w.path)/file; printf kept > $(results.r.path)"}]
    - name: two
      runAfter: [one]
      retries: 1
      workspaces: [{name: w}]
      params: [{name: p, value: $(tasks.one.results.r)}]
      taskSpec:
        workspaces: [{name: w}]
        params: [{name: p}]
        steps:
        - {name: before, image: alpine, script: "echo before; echo 1 > /workspace/b"}
        - name: bad
          image: alpine
          workingDir: $(workspaces.w.path)
          timeout: 1s
          env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: cred, key: token}}}]
          script: "echo the script: $(params.p); exit 3"
        - {name: after, image: alpine, script: "echo after"}
    - {name: three, runAfter: [two], taskSpec: {steps: [{image: alpine, script: "echo three"}]}}
    finally: [{name: last, taskSpec: {steps: [{image: alpine, script: "echo finally"}]}}]
"""

TASK = """\
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: lone}
spec: {taskSpec: {steps: [{name: a, image: alpine, script: exit 1}, {name: b, image: alpine, script: "true"}]}}
"""


def kept(shell):
    return [(item["name"], item["state"]) for item in shell("runs", "list", "-o", "json").json["items"]]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_command_has_what_the_step_had(here, executor):
    here.file("p.yaml", PIPELINE)
    assert here("run", "p.yaml", "--executor", need(executor)).code == 1
    ((run, _),) = kept(here)
    for _ in range(2):  # looking changes nothing of what is looked at
        said = here(
            "debug", run, "two", "--", "sh", "-c",
            'cat file; cat /workspace/b; [ "$TOKEN" = very-secret-token ] && echo "$TOKEN"; '
            "sh $HOLKAS_DEBUG_COMMAND; echo new >> file; sleep 1.2; exit 7",
        )  # fmt: skip
        assert said.code == 7
        assert said.out.splitlines() == ["hi", "1", "***", "the script: kept"]
        assert "[delivery-two : before] before" in said.err
        for other in ("after", "three", "finally"):
            assert other not in said.err
    assert kept(here)[-1] == (run, "Failed")
    assert [path.name for path in (here.state / "work").iterdir()] == [run]


def test_another_step_and_a_task_that_went_well(here):
    here.file("p.yaml", PIPELINE)
    here("run", "p.yaml")
    ((run, _),) = kept(here)
    said = here("debug", run, "one", "--", "pwd")
    assert (said.code, said.out.strip()[-10:]) == (0, "/workspace")
    assert here("debug", run, "two", "--step", "before", "--", "test", "-e", "/workspace/b").code == 1


def test_a_run_of_a_task(here):
    here.file("t.yaml", TASK)
    here("run", "t.yaml")
    said = here("debug", "latest", "lone", "--", "sh", "-c", "echo $HOLKAS_DEBUG_COMMAND")
    assert said.code == 0
    assert said.out.strip().endswith("/tekton/scripts/script-0")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["latest", "nope", "--", "true"], "no task nope has run"),
        (["latest", "lone", "--step", "c", "--", "true"], "has no step c"),
        (["latest", "lone", "--step", "b", "--", "true"], "the step b was not reached"),
        (["latest", "lone"], "a shell needs a terminal"),
        (["20200101-000000-aaaa", "lone", "--", "true"], "20200101-000000-aaaa"),
    ],
)
def test_what_cannot_be_looked_at_is_told(here, words, told):
    here.file("t.yaml", TASK)
    here("run", "t.yaml")
    said = here("debug", *words)
    assert said.code in (1, 2)
    assert told in said.err


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_shell_in_a_terminal(here, executor):
    here.file("p.yaml", PIPELINE)
    here("run", "p.yaml", "--executor", need(executor))
    ours, theirs = pty.openpty()
    process = here.shell.start("debug", "latest", "two", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""

    def until(text):
        nonlocal seen
        deadline = time.monotonic() + 60
        while text not in seen:
            assert time.monotonic() < deadline, seen
            if select.select([ours], [], [], 1)[0]:
                try:
                    seen += os.read(ours, 4096)
                except OSError:
                    break

    until(b"exit ends")
    os.write(ours, b'cat file; echo "t=$TOKEN"; touch left\n')
    until(b"t=very-secret-token")
    assert b"hi\r\n" in seen
    os.write(ours, b"exit 5\n")
    assert process.wait(60) == 5
    os.close(ours)
    for path in here.state.rglob("*"):
        assert not path.is_file() or b"very-secret-token" not in path.read_bytes(), path
