"""holkas run --only, --from, --until and --result."""

from __future__ import annotations

import pytest

PIPELINE = """\
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  results: [{name: r, value: $(tasks.test.results.r)}]
  tasks:
  - name: build
    taskSpec:
      results: [{name: digest}, {name: many, type: array}]
      steps:
      - name: s
        image: alpine
        script: printf COLOUR > $(results.digest.path); printf '["x","y"]' > $(results.many.path)
  - name: lint
    taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
  - name: test
    params: [{name: d, value: $(tasks.build.results.digest)}, {name: m, value: "$(tasks.build.results.many[1])"}]
    taskSpec:
      params: [{name: d}, {name: m}]
      results: [{name: r}]
      steps: [{name: s, image: alpine, script: "printf '$(params.d)-$(params.m)' > $(results.r.path)"}]
  - name: deploy
    runAfter: [test, lint]
    taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
  finally:
  - name: notify
    params: [{name: s, value: "$(tasks.build.status) $(tasks.test.status) $(tasks.status)"}]
    taskSpec:
      params: [{name: s}]
      steps: [{name: s, image: alpine, script: "echo '$(params.s)'"}]
"""


@pytest.fixture
def run(here):
    here.file("p.yaml", PIPELINE.replace("COLOUR", "red"))

    def run(*words):
        return here("run", "p.yaml", *words)

    return run


def ended(here):
    """Tasks that ran, in the order of the file, and those that did not."""
    shown = here("runs", "show", "-o", "json").json
    ran = {task["pipelineTask"] for task in shown["tasks"]}
    skipped = {item["name"]: item["reason"] for item in shown["skipped"]}
    assert set(skipped.values()) <= {"Left out of this run"}
    return ran, set(skipped), shown


@pytest.mark.parametrize(
    ("words", "ran"),
    [
        (["--only", "lint"], {"lint"}),
        (["--only", "lint", "--only", "notify"], {"lint", "notify"}),
        (["--until", "test"], {"build", "test"}),
        (["--until", "notify"], {"build", "lint", "test", "deploy", "notify"}),
        (["--from", "deploy"], {"deploy", "notify"}),
        (["--from", "notify"], {"notify"}),
        (["--from", "build", "--until", "test"], {"build", "test"}),
        (["--from", "build", "--until", "test", "--only", "notify"], {"build", "test", "notify"}),
    ],
)
def test_a_part_runs_and_the_rest_is_left_out(run, here, words, ran):
    said = run(*words)
    assert said.code == 0, said.err
    found, left_out, shown = ended(here)
    assert found == ran
    assert left_out == {"build", "lint", "test", "deploy", "notify"} - ran
    assert shown["reason"] == ("Completed" if left_out else "Succeeded")
    assert said.err.count("  left out\n") == len(left_out)


def test_results_are_taken_from_the_newest_run_that_has_them(run, here):
    missing = run("--only", "test")
    assert missing.code == 2
    assert "no earlier run has it: build.digest, build.many" in missing.err
    assert "--result build.digest=VALUE" in missing.err
    assert run("--progress", "quiet").code == 0
    here.file("p.yaml", PIPELINE.replace("COLOUR", "blue"))
    assert run("--only", "build", "--progress", "quiet").code == 0
    built = here("runs", "show", "-o", "json").json["name"]
    assert run("--only", "lint", "--progress", "quiet").code == 0
    said = run("--from", "test")
    assert said.code == 0
    assert f"note: from the run {built}: build.digest, build.many" in said.err
    assert "None Succeeded Completed" in said.err
    assert ended(here)[2]["results"] == {"r": "blue-y"}


def test_results_can_be_given(run, here):
    said = run(
        "--only",
        "test",
        "--result",
        "build.digest=green=1",
        "--result",
        'build.many=["a", "b"]',
        "-o",
        "json",
    )
    assert said.code == 0, said.err
    assert ended(here)[2]["results"] == {"r": "green=1-b"}
    skipped = {item["name"]: item["reason"] for item in said.json["status"]["skippedTasks"]}
    assert skipped["build"] == "Left out of this run"
    again = here("runs", "rerun")
    assert again.code == 0, again.err
    assert ended(here)[2]["results"] == {"r": "green=1-b"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "tset"], "did you mean test?"),
        (["--from", "xyz"], "it has build, lint, test, deploy, notify"),
        (["--from", "deploy", "--until", "build"], "no task lies between deploy and build"),
        (["--only", "test", "--result", "build=1"], "is not TASK.NAME=VALUE"),
        (["--only", "test", "--result", "test.r=1"], "the task is not left out"),
        (["--result", "build.digest=1"], "--result goes with"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(run, here, words, message):
    said = run(*words)
    assert said.code == 2
    assert message in said.err
    assert not here("runs", "list", "-o", "json").json["items"]


def test_a_part_is_of_one_pipeline(here):
    task = (
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: NAME}\n"
        "spec: {taskSpec: {steps: [{image: a, script: 'true'}]}}\n"
    )
    here.file("t.yaml", task.replace("NAME", "t"))
    assert "this is a task" in here("run", "t.yaml", "--only", "x").err
    here.file("t.yaml", task.replace("NAME", "t") + "---\n" + task.replace("NAME", "u"))
    assert "there are 2" in here("run", "t.yaml", "--only", "x").err


def test_a_claim_that_a_left_out_task_would_have_filled_is_warned_of(here):
    here.file(
        "w.yaml",
        """\
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: w}
        spec:
          workspaces: [{name: src, volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}]
          pipelineSpec:
            workspaces: [{name: src}]
            tasks:
            - name: fetch
              workspaces: [{name: src}]
              taskSpec: {workspaces: [{name: src}], steps: [{name: s, image: alpine, script: "true"}]}
            - name: build
              runAfter: [fetch]
              workspaces: [{name: src}]
              taskSpec: {workspaces: [{name: src}], steps: [{name: s, image: alpine, script: "true"}]}
        """,
    )
    said = here("run", "w.yaml", "--from", "build")
    assert said.code == 0
    assert "the workspace src is empty: fetch would have used it" in said.err
    assert "is empty" not in here("run", "w.yaml", "--from", "build", "-w", "src=.").err
