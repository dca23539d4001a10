"""What a run that goes on, or begins again, takes over, and what it does not."""

from __future__ import annotations

import signal

import pytest

from tests.command_line import eventually, processes_with
from tests.local_runs import need

PIPELINE = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: r-}
spec:
  workspaces:
  - name: inside
    volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}
  - {name: outside, emptyDir: {}}
  pipelineSpec:
    workspaces: [{name: inside}, {name: outside}]
    results: [{name: r, value: $(tasks.two.results.r)}]
    tasks:
    - name: one
      workspaces: [{name: inside}, {name: outside}]
      taskSpec:
        workspaces: [{name: inside}, {name: outside}]
        results: [{name: r}]
        steps:
        - name: s
          image: alpine
          script: |
            echo one >> $(workspaces.outside.path)/ran
            echo content > $(workspaces.inside.path)/file
            printf 1 > $(results.r.path)
    - name: aside
      workspaces: [{name: outside}]
      taskSpec:
        workspaces: [{name: outside}]
        steps: [{name: s, image: alpine, script: "echo aside >> $(workspaces.outside.path)/ran"}]
    - name: two
      runAfter: [aside]
      retries: 1
      params: [{name: from-one, value: $(tasks.one.results.r)}]
      workspaces: [{name: inside}, {name: outside}]
      taskSpec:
        params: [{name: from-one}]
        workspaces: [{name: inside}, {name: outside}]
        results: [{name: r}]
        steps:
        - name: s
          image: alpine
          script: |
            echo two >> $(workspaces.outside.path)/ran
            WHAT
            printf "$(params.from-one) $(cat $(workspaces.inside.path)/file)" > $(results.r.path)
    finally:
    - name: last
      workspaces: [{name: outside}]
      taskSpec:
        workspaces: [{name: outside}]
        steps: [{name: s, image: alpine, script: "echo last >> $(workspaces.outside.path)/ran"}]
"""
OUTSIDE = ("-w", "outside=out")


def ran(here):
    path = here.directory / "out" / "ran"
    return path.read_text().split() if path.exists() else []


def shown(here, run="latest"):
    return here("runs", "show", run, "-o", "json").json


def write(here, what, text=PIPELINE):
    here.file("run.yaml", text.replace("WHAT", what))


@pytest.fixture
def killed(here):
    """A run whose holkas was killed while ``two`` ran its second attempt; its id."""
    write(
        here, f"grep -c two $(workspaces.outside.path)/ran | grep -v 1 && sleep {here.shell.seconds}; false"
    )
    process = here.shell.start("run", "run.yaml", *OUTSIDE)
    eventually(lambda: processes_with(here.shell.seconds))
    here.shell.kill(process)
    assert sorted(ran(here)) == ["aside", "one", "two", "two"]
    return shown(here)["name"]


def test_a_changed_task_runs_again_with_what_it_comes_before_and_this_is_said(here, killed):
    write(here, "true")
    said = here("runs", "resume")
    assert said.code == 0, said.err
    assert "two runs again: the task changed" in said.err
    assert ran(here)[4:] == ["two", "last"]
    run = shown(here)
    assert (run["name"], run["state"], run["results"]) == (killed, "Succeeded", {"r": "1 content"})
    assert not (here.state / "work" / killed).exists()


def test_an_attempt_that_broke_off_is_no_retry(here, killed):
    said = here.shell.start("runs", "resume", "latest", "--progress", "json")
    eventually(lambda: len(ran(here)) == 5 and processes_with(here.shell.seconds))
    tasks = {task["pipelineTask"]: task for task in shown(here)["tasks"]}
    assert (tasks["two"]["attempt"], tasks["two"]["reason"]) == (1, "Running")
    said.send_signal(signal.SIGINT)
    said.communicate(timeout=60)
    assert ran(here)[4:] == ["two", "last"]
    assert shown(here)["state"] == "Cancelled"
    assert not processes_with(here.shell.seconds)


def test_what_comes_after_a_changed_task_runs_again(here, killed):
    write(here, "true", PIPELINE.replace("echo content", "echo changed"))
    said = here("runs", "resume", "-o", "json")
    assert said.code == 0, said.err
    assert "-one runs again: the task changed" in said.err
    assert ran(here)[4:] == ["one", "two", "last"]
    assert said.json["status"]["results"] == [{"name": "r", "value": "1 changed"}]


def test_without_its_workspaces_nothing_that_used_them_holds(here, killed):
    write(here, "true")
    here.file("calm.yaml", PIPELINE.replace("WHAT", "true"))
    here.setenv("HOLKAS_RUN_KEEP_WORKSPACES", "0")
    assert here("run", "calm.yaml", "-w", "outside=elsewhere").code == 0
    assert not (here.state / "work" / killed).exists()
    said = here("runs", "resume", killed)
    assert said.code == 0, said.err
    assert "the content of its workspace inside is gone" in said.err
    assert ran(here)[4:] == ["one", "two", "last"]


def test_only_a_run_that_was_interrupted_is_resumed(here):
    write(here, "true")
    assert here("run", "run.yaml", *OUTSIDE).code == 0
    said = here("runs", "resume")
    assert said.code == 1
    assert "has ended" in said.err
    assert "rerun --failed" in said.err
    assert here("runs", "resume", "nobody").code == 2


def test_a_run_that_goes_on_is_neither_resumed_nor_rerun(here):
    write(here, f"sleep {here.shell.seconds}")
    process = here.shell.start("run", "run.yaml", *OUTSIDE)
    eventually(lambda: processes_with(here.shell.seconds))
    for words in (("resume",), ("rerun", "--failed")):
        said = here("runs", *words)
        assert said.code == 1
        assert "goes on" in said.err
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_rerun_failed_takes_over_what_was_good_with_its_workspaces(here):
    write(here, "test -f $(workspaces.outside.path)/mended")
    assert here("run", "run.yaml", *OUTSIDE).code == 1
    assert sorted(ran(here)) == ["aside", "last", "one", "two", "two"]
    first = shown(here)
    here.file("out/mended", "")
    said = here("runs", "rerun", "--failed", "-o", "json")
    assert said.code == 0, said.err
    assert ran(here)[5:] == ["two", "last"]
    again = shown(here)
    assert again["name"] != first["name"]
    assert again["run"] == first["run"]
    assert again["results"] == {"r": "1 content"}
    origins = {task["pipelineTask"]: task["origin"] for task in again["tasks"]}
    of = f"run {first['name']}"
    assert origins == {"one": of, "aside": of, "two": "", "last": ""}
    assert f"(of {first['name']})" in said.err
    assert len(said.json["status"]["childReferences"]) == 4


def test_rerun_runs_everything_with_the_same_words(here):
    write(here, "true")
    assert here("run", "run.yaml", *OUTSIDE).code == 0
    assert here("runs", "rerun").code == 0
    assert sorted(ran(here)) == sorted(["one", "aside", "two", "last"] * 2)
    assert len(here("runs", "list", "-o", "json").json["items"]) == 2


def test_a_run_from_standard_input_is_read_from_what_is_kept(here):
    text = PIPELINE.replace("WHAT", "true")
    assert here.shell("run", "-", *OUTSIDE, stdin=text).code == 0
    assert here("runs", "rerun").code == 0
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: very-secret}\n---\n"
    assert here.shell("run", "-", *OUTSIDE, stdin=secret + text).code == 0
    said = here("runs", "rerun")
    assert said.code == 2
    assert "secrets, which are not kept" in said.err


SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: cred}
stringData: {token: very-secret-token}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: s}
spec:
  workspaces: [{name: outside, emptyDir: {}}]
  pipelineSpec:
    workspaces: [{name: outside}]
    tasks:
    - name: one
      workspaces: [{name: outside}]
      taskSpec:
        workspaces: [{name: outside}]
        results: [{name: r}]
        steps:
        - name: s
          image: alpine
          env: [{name: T, valueFrom: {secretKeyRef: {name: cred, key: token}}}]
          script: 'echo one >> $(workspaces.outside.path)/ran; printf "$T" > $(results.r.path)'
    - name: two
      workspaces: [{name: outside}]
      params: [{name: p, value: $(tasks.one.results.r)}]
      taskSpec:
        workspaces: [{name: outside}]
        params: [{name: p}]
        steps: [{name: s, image: alpine, script: "test '$(params.p)' = very-secret-token; WHAT"}]
"""


def test_a_secret_that_is_handed_on_is_there_again_and_not_in_the_store(here):
    wait = f"test -f $(workspaces.outside.path)/mended || sleep {here.shell.seconds}"
    write(here, wait, SECRET)
    process = here.shell.start("run", "run.yaml", *OUTSIDE)
    eventually(lambda: processes_with(here.shell.seconds))
    here.shell.kill(process)
    stored = b"".join(path.read_bytes() for path in here.state.glob("holkas.db*"))
    assert b"very-secret-token" not in stored
    here.file("out/mended", "")
    said = here("runs", "resume")
    assert said.code == 0, said.err
    assert "very-secret" not in said.err, said.err
    assert "runs again" not in said.err
    assert ran(here) == ["one"]
    assert not list((here.state / "work").iterdir())


def test_a_changed_secret_is_a_change_and_a_run_that_ended_keeps_none(here):
    write(here, "false", SECRET)
    assert here("run", "run.yaml", *OUTSIDE).code == 1
    kept = [path for path in here.state.rglob("*") if path.is_file() and b"very-secret" in path.read_bytes()]
    assert kept == []
    write(here, "true", SECRET)
    said = here("runs", "rerun", "--failed")
    assert said.code == 0, said.err
    assert "s-one runs again: its results hold a secret and are not kept any more" in said.err
    write(here, "true", SECRET.replace("very-secret", "other-secret"))
    said = here("runs", "rerun", "--failed")
    assert "a ConfigMap, a Secret or a StepAction that it uses changed" in said.err
    assert said.code == 0
    assert ran(here) == ["one"] * 3


def test_in_the_executor_that_it_began_with(here):
    need("sandbox")
    write(here, f"test -f $(workspaces.outside.path)/mended || sleep {here.shell.seconds}")
    process = here.shell.start("run", "run.yaml", "--executor", "sandbox", *OUTSIDE)
    eventually(lambda: processes_with(here.shell.seconds))
    here.shell.kill(process)
    here.file("out/mended", "")
    said = here("runs", "resume")
    assert said.code == 0, said.err
    assert "runs again" not in said.err
    assert sorted(ran(here)) == ["aside", "last", "one", "two", "two"]
    assert shown(here)["results"] == {"r": "1 content"}
    assert processes_with(here.shell.seconds) == []


TRIGGER = """\
apiVersion: triggers.tekton.dev/v1beta1
kind: Trigger
metadata: {name: t}
spec:
  bindings: [{name: word, value: $(body.word)}]
  template:
    spec:
      params: [{name: word}]
      resourcetemplates:
      - apiVersion: tekton.dev/v1
        kind: TaskRun
        metadata: {generateName: e-}
        spec: {taskSpec: {steps: [{name: s, image: alpine, script: "echo said $(tt.params.word)"}]}}
"""


def test_a_run_of_an_event_is_asked_for_again_from_what_is_kept(here):
    here.file("t.yaml", TRIGGER)
    here.file("event.json", '{"word": "hello"}')
    said = here("trigger", "t.yaml", "--event", "event.json")
    assert said.code == 0, said.err
    here.file("t.yaml", "")
    again = here("runs", "rerun")
    assert again.code == 0, again.err
    assert "said hello" in again.err
    runs = here("runs", "list", "-o", "json").json["items"]
    assert runs[0]["run"] == runs[1]["run"]


def test_a_file_that_has_other_runs_now_is_not_guessed_at(here):
    write(here, "true")
    assert here("run", "run.yaml", *OUTSIDE).code == 0
    write(here, "true", f"{PIPELINE}---\n{PIPELINE}")
    said = here("runs", "rerun")
    assert said.code == 1
    assert "there were 1 runs in it, now there are 2" in said.err
    (here.state / "runs" / shown(here)["name"] / "origin.json").unlink()
    assert "does not say how it was asked for" in here("runs", "rerun").err
