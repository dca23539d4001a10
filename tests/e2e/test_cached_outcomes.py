"""holkas run --cache: what is taken from an earlier run, and what never is."""

from __future__ import annotations

import pytest

PIPELINE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: c-}
spec:
  workspaces: [{name: w, volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}]
  pipelineSpec:
    workspaces: [{name: w}]
    results: [{name: r, value: $(tasks.second.results.r)}]
    tasks:
    - name: first
      taskSpec:
        workspaces: [{name: w}]
        steps:
        - name: s
          image: alpine
          env: [{name: C, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}]
          script: |
            mkdir $(workspaces.w.path)/d
            echo "$C" > $(workspaces.w.path)/d/f
            ln -s d/f $(workspaces.w.path)/l
            chmod 750 $(workspaces.w.path)/d
    - name: second
      runAfter: [first]
      taskSpec:
        workspaces: [{name: w}]
        results: [{name: r}]
        steps: [{name: s, image: alpine, script: "cat $(workspaces.w.path)/l | tr -d '\\n' > $(results.r.path)"}]
    - name: third
      params: [{name: r, value: $(tasks.second.results.r)}]
      taskSpec:
        params: [{name: r}]
        steps: [{name: s, image: alpine, script: "test '$(params.r)'"}]
    finally:
    - name: last
      taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
"""
MORE = "steps: [{name: s, image: alpine, script: \"test '$(params.r)'\"}]"


@pytest.fixture
def run(here):
    def run(*words, text=PIPELINE):
        """Tasks of a run by what they were: cached, or carried out."""
        here.file("c.yaml", text)
        said = here("run", "c.yaml", *words)
        shown = here("runs", "show", "-o", "json").json
        assert shown["status"] == "True", said.err
        cached = {task["pipelineTask"] for task in shown["tasks"] if task["origin"].startswith("cache ")}
        assert said.err.count("(cached, of ") == len(cached)
        return cached, shown

    return run


def test_what_has_not_changed_is_taken_with_results_and_workspaces(run):
    none, first = run("--cache")
    cached, again = run("--cache")
    assert none == set()
    assert cached == {"first", "second", "third"}, "finally tasks always run"
    assert again["results"] == first["results"] == {"r": "red"}
    (task,) = [task for task in again["tasks"] if task["pipelineTask"] == "first"]
    assert task["origin"] == f"cache {first['name']}"
    assert run()[0] == set(), "only where it is wanted"


def test_what_has_changed_runs_and_what_depends_on_nothing_of_it_does_not(run, here):
    run("--cache")
    cached, again = run("--cache", text=PIPELINE.replace("cat $(work", "echo; cat $(work"))
    assert cached == {"first", "third"}
    assert again["results"] == {"r": "red"}
    cached, again = run("--cache", text=PIPELINE.replace("colour: red", "colour: blue"))
    assert cached == set()
    assert again["results"] == {"r": "blue"}
    here.setenv("HOLKAS_RUN_CACHE", "true")
    assert run()[0] == {"first", "second", "third"}
    assert run("--no-cache")[0] == set()


@pytest.mark.parametrize(
    "more",
    [
        'metadata: {annotations: {holkas.dev/cache: "false"}}, steps: [{name: s, image: alpine, script: "true"}]',
        'sidecars: [{name: c, image: alpine, script: "sleep 60"}], steps: [{name: s, image: alpine, script: "true"}]',
        'volumes: [{name: v, hostPath: {path: /etc}}], steps: [{name: s, image: alpine, script: "true"}]',
        'steps: [{name: s, image: alpine, script: "echo $(context.taskRun.name)"}]',
    ],
)
def test_what_depends_on_more_than_its_key_is_made_of_always_runs(run, more):
    text = PIPELINE.replace(MORE, "").replace("        params: [{name: r}]\n        \n", "")
    text = text.replace(
        "      taskSpec:\n    finally", f"      taskSpec: {{params: [{{name: r}}], {more}}}\n    finally"
    )
    assert more in text
    run("--cache", text=text)
    assert run("--cache", text=text)[0] == {"first", "second"}


def test_a_failure_is_not_kept_nor_a_directory_of_the_machine(run, here):
    here.file("c.yaml", PIPELINE.replace("test '$(params.r)'", "exit 1"))
    assert here("run", "c.yaml", "--cache").code == 1
    here("run", "c.yaml", "--cache")
    shown = here("runs", "show", "-o", "json").json
    assert {task["pipelineTask"]: bool(task["origin"]) for task in shown["tasks"]} == {
        "first": True,
        "second": True,
        "third": False,
        "last": False,
    }
    here.file("own/x", "")
    here("run", "c.yaml", "--cache", "-w", "w=own")
    shown = here("runs", "show", "-o", "json").json
    assert not any(task["origin"] for task in shown["tasks"])


def test_a_damaged_entry_is_none(run, here):
    run("--cache")
    for path in (here.state / "cache").glob("*.tar"):
        path.write_bytes(path.read_bytes()[:700])
    cached, again = run("--cache")
    assert cached == {"third"}
    assert again["results"] == {"r": "red"}
    for path in (here.state / "cache").glob("*.json"):
        path.write_text('{"run": 1}')
    assert run("--cache")[0] == set()


def test_prune_forgets_old_outcomes(run, here):
    run("--cache")
    kept = here("runs", "prune", "--keep", "5")
    assert list((here.state / "cache").iterdir())
    assert "of the cache" not in kept.err
    told = here("runs", "prune", "--keep", "5", "--cache-older-than", "0", "--dry-run")
    assert "files of the cache would be removed" in told.err
    assert here("runs", "prune", "--keep", "5", "--cache-older-than", "0").code == 0
    assert not list((here.state / "cache").iterdir())
