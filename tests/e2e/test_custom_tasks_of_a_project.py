"""Custom tasks that the project's own plugin serves, through the command line: findings, exit codes, resume, rerun."""

from __future__ import annotations

import signal

import pytest

from tests.command_line import eventually

PLUGIN = '''\
import os
import time
from pathlib import Path

from holkas.extensions.custom_task import CustomExecution, CustomOutcome, CustomTask
from holkas.plugins import Provider, hookimpl

HERE = Path(os.environ["PLACE"])


class Step(CustomExecution):
    """Ends when there is a file with the name of its param ``until``, and fails when there is one called ``bad``."""

    def __init__(self, run):
        self.run = run
        self.cancelled = False

    def wait(self):
        given = {param.name: param.value for param in self.run.params}
        while "until" in given and not (HERE / given["until"]).exists():
            if self.cancelled:
                return CustomOutcome.cancelled("it was told to")
            time.sleep(0.01)
        if (HERE / "bad").exists():
            return CustomOutcome.failed("there is a bad file")
        return CustomOutcome.succeeded({"r": "1"}, reason="Done")

    def cancel(self, message):
        self.cancelled = True


class Steps(CustomTask):
    name = "step"
    capabilities = frozenset({"step.example.dev/v1/Step"})

    def start(self, run):
        with (HERE / "ran").open("a") as file:
            file.write(run.name.rpartition("-")[2] + "\\n")
        return Step(run)


@hookimpl
def holkas_custom_tasks():
    yield Provider(name="step", summary="Waits for files.", make=lambda context: Steps(), capabilities=Steps.capabilities)
'''

PIPELINE = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: r-}
spec:
  pipelineSpec:
    results: [{name: r, value: $(tasks.two.results.r)}]
    tasks:
    - {name: one, taskRef: {apiVersion: step.example.dev/v1, kind: Step, name: o}}
    - name: two
      params: [{name: from-one, value: $(tasks.one.results.r)}, {name: until, value: go}]
      taskSpec: {apiVersion: step.example.dev/v1, kind: Step, spec: {a: 1}}
    - name: three
      runAfter: [two]
      taskSpec:
        steps: [{name: s, image: alpine, script: "true"}]
---
apiVersion: step.example.dev/v1
kind: Step
metadata: {name: o}
spec: {b: 1}
"""

ALONE = """\
apiVersion: tekton.dev/v1beta1
kind: CustomRun
metadata: {name: alone}
spec:
  customRef: {apiVersion: step.example.dev/v1, kind: Step}
  params: [{name: until, value: go}]
  timeout: 100ms
"""


@pytest.fixture
def project(here):
    here.setenv("PLACE", str(here.directory))
    here.shell.env["PLACE"] = str(here.directory)
    here.file("holkas_plugin.py", PLUGIN)
    here.file("run.yaml", PIPELINE)
    return here


def ran(here):
    path = here.directory / "ran"
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def killed(project):
    """A run whose holkas was killed while ``two`` went on; its id."""
    process = project.shell.start("run", "run.yaml")
    eventually(lambda: ran(project) == ["one", "two"])
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return project("runs", "show", "latest", "-o", "json").json["name"]


def test_what_had_ended_is_not_run_again_after_a_kill(project, killed):
    project.file("go", "")
    said = project("runs", "resume", "-o", "json")
    assert said.code == 0, said.err
    assert ran(project) == ["one", "two", "two"]
    status = said.json["status"]
    assert status["results"] == [{"name": "r", "value": "1"}]
    kinds = {each["pipelineTaskName"]: each["kind"] for each in status["childReferences"]}
    assert kinds == {"one": "CustomRun", "two": "CustomRun", "three": "TaskRun"}
    shown = project("runs", "show", killed, "-o", "json").json
    assert [(task["pipelineTask"], task["reason"]) for task in shown["tasks"]] == [
        ("one", "Done"),
        ("two", "Done"),
        ("three", "Succeeded"),
    ]


def test_an_object_that_changed_is_run_again(project, killed):
    project.file("go", "")
    project.file("run.yaml", PIPELINE.replace("{b: 1}", "{b: 2}"))
    said = project("runs", "resume")
    assert said.code == 0, said.err
    assert "-one runs again: the task changed" in said.err
    assert ran(project) == ["one", "two", "one", "two"]


def test_rerun_failed_takes_over_what_was_good(project):
    project.file("go", "")
    project.file("run.yaml", PIPELINE.replace("{name: until, value: go}", "{name: until, value: bad}"))
    project.file("bad", "")
    assert project("run", "run.yaml").code == 1
    assert ran(project) == ["one"]
    (project.directory / "bad").unlink()
    project.file("run.yaml", PIPELINE)
    again = project("runs", "rerun", "--failed")
    assert again.code == 0, again.err
    assert ran(project) == ["one", "one", "two"]
    third = project("runs", "rerun", "--failed")
    assert third.code == 0, third.err
    assert ran(project) == ["one", "one", "two"]


def test_the_cache_takes_no_custom_task(project):
    project.file("go", "")
    for _ in range(2):
        assert project("run", "run.yaml", "--cache").code == 0
    assert ran(project) == ["one", "two"] * 2


def test_a_part_of_a_pipeline_runs_with_results_that_are_given(project):
    project.file("go", "")
    said = project("run", "run.yaml", "--only", "two", "--result", "one.r=7")
    assert said.code == 0, said.err
    assert ran(project) == ["two"]


def test_a_custom_run_that_takes_too_long_has_the_exit_code_of_time_outs(project):
    project.file("alone.yaml", ALONE)
    said = project("run", "alone.yaml", "-o", "json")
    assert said.code == 124
    (condition,) = said.json["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "CustomRunTimedOut")
    assert project("run", "alone.yaml", "--dry-run").out == "customrun.tekton.dev/alone\n"
    assert project("runs", "list", "-o", "json").json["items"][0]["runKind"] == "CustomRun"


def test_a_custom_run_that_is_interrupted_is_cancelled(project):
    project.file("alone.yaml", ALONE.replace("  timeout: 100ms\n", ""))
    process = project.shell.start("run", "alone.yaml", "-o", "json", "--progress", "json")
    told = iter(process.stderr.readline, b"")
    assert any(b'"task-started"' in line for line in told)  # whoever tells this listens to Ctrl-C, too
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b'"CustomRunCancelled"' in out
    assert b'"it was told to"' in out


def test_without_the_plugin_nothing_is_run(project):
    (project.directory / "holkas_plugin.py").unlink()
    project.file("alone.yaml", ALONE)
    said = project("run", "run.yaml", "alone.yaml")
    assert said.code == 1
    assert said.err.count("error[T513]: ") == 3
    assert "no plugin serves the custom task Step of step.example.dev/v1" in said.err
    assert "holkas_custom_tasks and the capability step.example.dev/v1/Step" in said.err
    assert ran(project) == []


def test_plugins_tells_what_it_serves(project):
    said = project("plugins", "info", "holkas_plugin", "-o", "json")
    assert said.code == 0, said.err
    (provider,) = said.json["providers"]
    assert (provider["hook"], provider["capabilities"]) == ("custom_tasks", ["step.example.dev/v1/Step"])


TRIGGER = """\
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t}
spec:
  params: [{name: file}]
  resourcetemplates:
  - apiVersion: tekton.dev/v1beta1
    kind: CustomRun
    metadata: {generateName: from-event-}
    spec:
      customRef: {apiVersion: step.example.dev/v1, kind: Step}
      params: [{name: until, value: $(tt.params.file)}]
---
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: l}
spec:
  triggers:
  - bindings: [{name: file, value: $(body.file)}]
    template: {ref: t}
"""


def test_an_event_may_start_a_custom_run(project):
    project.file("trigger.yaml", TRIGGER)
    project.file("event.json", '{"file": "go"}')
    project.file("go", "")
    said = project("trigger", "trigger.yaml", "--event", "event.json", "-o", "json")
    assert said.code == 0, said.err
    assert (said.json["kind"], said.json["status"]["conditions"][0]["reason"]) == ("CustomRun", "Done")
    assert len(ran(project)) == 1


def test_a_failed_step_after_a_custom_task_can_be_debugged(project):
    project.file("go", "")
    project.file("run.yaml", PIPELINE.replace('script: "true"', 'script: "false"'))
    assert project("run", "run.yaml").code == 1
    before = ran(project)
    said = project("debug", "latest", "three", "--", "echo", "looked")
    assert (said.code, said.out) == (0, "looked\n"), said.err
    assert ran(project) == before
