"""holkas run with references through resolvers: what is recorded, what is kept, what is said when it does not work."""

from __future__ import annotations

import json
import os
import time

import pytest
from holkas.extensions.resolver import ResolvedResource, ResolverRequest
from holkas.model.reference import RefSource
from holkas.state.resolved_documents import ResolvedDocuments

from tests.elsewhere import Repository

TASK = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who, default: nobody}]
  results: [{name: said}]
  steps:
  - {name: s, image: alpine, script: "printf '%s says $(params.who)' $(context.task.name) > $(results.said.path)"}
"""
NAMED = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineRef:
    resolver: git
    params:
    - {name: url, value: "https://git.example/team/ci.git"}
    - {name: revision, value: main}
    - {name: pathInRepo, value: pipeline.yaml}
"""
PIPELINE = """\
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: all}
spec:
  params: [{name: task, default: greet}]
  results: [{name: both, value: $(tasks.early.results.said)+$(tasks.late.results.said)}]
  tasks:
  - name: early
    taskRef: &ref
      resolver: git
      params:
      - {name: url, value: "https://git.example/team/ci.git"}
      - {name: pathInRepo, value: "tasks/$(params.task).yaml"}
    params: [{name: who, value: early}]
  - name: which
    taskSpec:
      results: [{name: task}]
      steps: [{name: s, image: alpine, script: "printf greet > $(results.task.path)"}]
  - name: late
    runAfter: [which]
    taskRef:
      resolver: git
      params:
      - {name: url, value: "https://git.example/team/ci.git"}
      - {name: pathInRepo, value: "tasks/$(tasks.which.results.task).yaml"}
"""


@pytest.fixture
def repository(here, tmp_path):
    repository = Repository(tmp_path / "ci")
    repository.commit({"tasks/greet.yaml": TASK, "pipeline.yaml": PIPELINE})
    mirror = {"url": "https://git.example/team/ci.git", "to": str(repository.directory)}
    here.file("holkas.yaml", json.dumps({"plugins": {"resolvers": {"git": {"mirrors": [mirror]}}}}))
    here.file("run.yaml", NAMED)
    return repository


def result(said):
    assert said.code == 0, said.err
    return said.json["status"]["results"][0]["value"]


def test_a_pipeline_and_its_tasks_come_from_elsewhere(here, repository):
    said = here("run", "run.yaml", "-o", "json", "--progress", "quiet")
    assert result(said) == "greet says early+greet says nobody"
    status = said.json["status"]
    source = {
        "uri": "git+https://git.example/team/ci.git",
        "digest": {"sha1": repository.git("rev-parse", "HEAD")},
    }
    assert status["provenance"] == {"refSource": {**source, "entryPoint": "pipeline.yaml"}}
    found = {
        child["pipelineTaskName"]: child["status"].get("provenance") for child in status["taskRuns"].values()
    }
    task = {"refSource": {**source, "entryPoint": "tasks/greet.yaml"}}
    assert found == {"early": task, "which": None, "late": task}
    spec = said.json["spec"]["pipelineRef"]
    assert (spec["resolver"], len(spec["params"]), "name" in spec) == ("git", 3, False)


def test_offline_runs_what_was_found_and_online_what_is_there_now(here, repository):
    result(here("run", "run.yaml", "-o", "json", "--progress", "quiet"))
    repository.commit({"tasks/greet.yaml": TASK.replace("says", "sings")})
    old = here("run", "run.yaml", "--offline", "-o", "json", "--progress", "quiet")
    assert result(old) == "greet says early+greet says nobody"
    here.setenv("HOLKAS_RUN_OFFLINE", "true")
    assert result(here("run", "run.yaml", "-o", "json", "--progress", "quiet")) == result(old)
    here.setenv("HOLKAS_RUN_OFFLINE", "false")
    new = here("run", "run.yaml", "-o", "json", "--progress", "quiet")
    assert result(new) == "greet sings early+greet sings nobody"


def test_what_cannot_be_found_is_said_with_its_place_and_nothing_runs(here, repository):
    here.file("run.yaml", NAMED.replace("main", "none"))
    said = here("run", "run.yaml")
    assert said.code == 1
    assert "error[T503]: spec.pipelineRef.resolver: CouldntGetPipeline: " in said.err
    assert "run.yaml:6:15" in said.err
    assert "no branch, tag or revision 'none'" in said.err
    said = here("run", "run.yaml", "--offline")
    assert "it was never resolved here before, and this is offline" in said.err


def test_what_cannot_be_found_late_fails_the_task(here, repository):
    repository.commit({"pipeline.yaml": PIPELINE.replace("printf greet", "printf other")})
    said = here("run", "run.yaml", "-o", "json", "--progress", "quiet")
    assert said.code == 1
    late = next(
        one["status"] for one in said.json["status"]["taskRuns"].values() if one["pipelineTaskName"] == "late"
    )
    condition = late["conditions"][0]
    assert condition["reason"] == "TaskRunResolutionFailed"
    assert "tasks/other.yaml" in condition["message"]


def test_a_part_of_a_resolved_pipeline_runs(here, repository):
    said = here("run", "run.yaml", "--only", "early", "-o", "json", "--progress", "quiet")
    assert said.code == 0, said.err
    names = [child["pipelineTaskName"] for child in said.json["status"]["taskRuns"].values()]
    assert names == ["early"]


def test_lint_fetches_only_when_it_is_asked_to(here, repository):
    here.file("run.yaml", NAMED.replace("pipeline.yaml", "none.yaml"))
    assert here("lint", "run.yaml").code == 0
    assert here("lint", "--offline", "run.yaml").code == 0
    said = here("lint", "--resolve", "run.yaml")
    assert said.code == 1
    assert "CouldntGetPipeline" in said.out


def test_prune_forgets_what_no_run_used(here):
    kept = ResolvedDocuments(here.state / "resolved")
    request = ResolverRequest(resolver="git", fields={"url": "u"})
    kept.put(request, ResolvedResource(content=b"kind: Task\n", source=RefSource(uri="git+u")))
    assert here("runs", "prune").err == "0 runs removed\n"
    for path in (here.state / "resolved").rglob("*"):
        os.utime(path, (time.time() - 100 * 86400,) * 2)
    assert here("runs", "prune", "--resolved-unused-for", "101").err == "0 runs removed\n"
    told = here("runs", "prune", "--dry-run")
    assert told.err == "0 runs and 2 files of resolvers would be removed\n"
    assert len(kept.unused(time.time() - 86400)) == 2
    assert here("runs", "prune").err == "0 runs and 2 files of resolvers removed\n"
    assert [path for path in (here.state / "resolved").rglob("*") if path.is_file()] == []
