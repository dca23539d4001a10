"""``holkas test`` through the command line."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.local_runs import EXECUTORS, need

TASK = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: version}, {name: flags, type: array, default: []}]
  workspaces: [{name: source}]
  results: [{name: digest}]
  steps:
  - name: build
    image: alpine
    workingDir: $(workspaces.source.path)
    args: ["$(params.flags[*])"]
    env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: cred, key: token}}}]
    envFrom: [{configMapRef: {name: settings, optional: true}}]
    script: |
      docker build "$@" -t app:$(params.version) .
      docker push app:$(params.version) > $(results.digest.path)
      echo "$COLOUR" > colour.txt
  - name: direct
    image: alpine
    command: [docker]
    args: [version]
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: beside}
spec: {taskRef: {name: build}, params: [{name: version, value: "1"}], workspaces: [{name: source, emptyDir: {}}]}
"""

TESTS = """\
manifests: [build.yaml]
task: build
params: {version: "1.0"}
secrets: {cred: {token: geheim}}
configMaps: {settings: {COLOUR: blue}}
workspaces: {source: {directory: fixture, files: {sub/more.txt: more}}}
stubs:
  docker:
    replies: [{args: "push *", stdout: "sha256:abc"}]
tests:
- name: pushes what it has built
  params: {flags: [--pull, "a b"]}
  expect:
    results: {digest: "sha256:abc"}
    stubs: {docker: {calls: [[build, --pull, "a b", -t, "app:1.0", .], [push, "app:1.0"], [version]]}}
    workspaces: {source: {colour.txt: "blue\\n", Dockerfile: "FROM scratch\\n", sub/more.txt: more}}
    steps: {build: {exitCode: 0, log: ""}, direct: {skipped: false}}
- name: stops when the build fails
  stubs: {docker: {exitCode: 7, stderr: no space}}
  expect:
    status: Failed
    reason: StepFailed
    steps: {build: {exitCode: 7, log: no space}, direct: {skipped: true}}
    stubs: {docker: {times: 1}}
- name: later
  skip: not today
"""


@pytest.fixture
def project(here):
    here.file("build.yaml", TASK)
    here.file("fixture/Dockerfile", "FROM scratch\n")
    here.file("tasks/../build.test.yaml", TESTS)
    return here


@pytest.mark.parametrize("executor", EXECUTORS)
def test_tests_pass_on_every_executor(project, executor):
    said = project("test", "--executor", need(executor))
    assert said.code == 0, said.out
    assert said.out.splitlines()[1:4] == [
        "  pass  pushes what it has built",
        "  pass  stops when the build fails",
        "  skip  later: not today",
    ]
    assert "2 passed, 1 skipped" in said.out
    assert (project.directory / "fixture" / "colour.txt").exists() is False
    assert project("runs", "list").out.count("build") == 0


def test_what_is_not_as_expected_is_told(project):
    project.file(
        "wrong.test.yaml",
        TESTS.replace("sha256:abc}", "sha256:abd}").replace('digest: "sha256:abc"', "digest: x"),
    )
    said = project("test", "wrong.test.yaml", "-o", "json", "--junit", "out.xml")
    assert said.code == 1
    items = said.json["items"]
    assert [item["status"] for item in items] == ["failed", "passed", "skipped"]
    assert [each["where"] for each in items[0]["mismatches"]] == ["results.digest"]
    assert (items[0]["file"], items[0]["line"], items[0]["task"]) == ("wrong.test.yaml", 11, "build")
    root = ElementTree.parse(project.directory / "out.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "1")
    (failure,) = root.iter("failure")
    assert 'expected: "x"' in failure.text
    text = project("test", "wrong.test.yaml")
    assert "FAIL  pushes what it has built" in text.out
    assert "1 passed, 1 failed, 1 skipped" in text.out


def test_a_test_that_cannot_be_run_is_an_error(project):
    project.file(
        "odd.test.yaml",
        "manifests: [build.yaml]\nworkspaces: {source: {directory: nowhere}}\n"
        "tests:\n- {name: a, task: bild}\n- {name: b, task: build, workspaces: {source: {}}, params: {flag: x}}\n"
        "- {name: c, task: build}\n",
    )
    said = project("test", "odd.test.yaml", "--junit", "out.xml")
    assert said.code == 1
    assert "No such file" in said.out
    assert "error" in (project.directory / "out.xml").read_text()
    assert "3 failed" in said.out


def test_a_pipeline_is_no_task(project):
    project.file(
        "p.yaml",
        "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: a, taskSpec: {steps: "
        "[{image: alpine, script: 'true'}]}}]}\n",
    )
    project.file("p.test.yaml", "manifests: [p.yaml]\ntests: [{name: x, task: p}]\n")
    said = project("test", "p.test.yaml")
    assert said.code == 1
    assert "p is a pipeline" in said.out


def test_a_task_that_takes_too_long_has_tektons_reason(project):
    project.file(
        "slow.yaml",
        "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: slow}\nspec: {steps: [{name: s, image: alpine, script: "
        "sleep 1000}]}\n",
    )
    project.file(
        "slow.test.yaml",
        "manifests: [slow.yaml]\ntimeout: 300ms\ntests: [{name: x, expect: {status: Failed, reason: TaskRunTimeout}}]\n",
    )
    assert project("test", "slow.test.yaml").code == 0


def test_some_tests_are_chosen_by_name(project):
    assert project("test", "-k", "pushes").out.count("pass  ") == 1
    assert project("test", "-k", "nothing like this").code == 2


def test_files_that_cannot_be_used(project):
    project.file("bad.test.yaml", "manifests: [build.yaml]\ntests: [{name: x, expct: {}}]\n")
    said = project("test", "bad.test.yaml")
    assert said.code == 2
    assert "error[U001]" in said.err
    assert "did you mean expect?" in said.err
    (project.directory / "empty").mkdir()
    assert project("test", "empty").code == 2
    assert project("test", "missing.test.yaml").code == 2


def test_the_schema_is_printed(project):
    assert project("schema", "TaskTests").json["title"].startswith("Unit tests")
    assert "TaskTests" in project("schema", "--list").out
