"""Tekton's own examples, run whole as upstream runs them: the first run of a file must reach Succeeded=True.

Only the files that need neither Kubernetes nor the network can. Their images are mostly plain shells; a file whose
image brings another program is left out where this machine lacks it. The counts are compared with those of README;
with ``HOLKAS_WRITE_COUNTS=1`` they are written to docs/reference/examples.json, from which README's table is made.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from holkas.extensions.importer import RunWish
from holkas.yaml import Source, load_documents

from docs._generate import examples
from tests.local_runs import EXECUTORS, IMPORTER, Runner, need
from tests.shared import ROOT, shared

pytestmark = pytest.mark.conformance

CORPUS = shared("corpora", "tekton-examples")
with (CORPUS / "index.tsv").open(encoding="utf-8") as index:
    ROWS = list(csv.DictReader(index, delimiter="\t"))
RUNNABLE = [row for row in ROWS if row["needs_k8s_only"] == "n" and row["needs_network"] == "n"]
OTHERS = [row for row in ROWS if row not in RUNNABLE]

PROGRAMS = {"library/python": "python3", "library/node": "node", "library/perl": "perl"}
"""Part of an image's name → the program without which its steps cannot do their work."""

NEEDS_ISOLATION = {
    "v1/taskruns/workingdir.yaml": "compares its working directory with an absolute path",
    "v1/taskruns/workspace-readonly.yaml": "must not be able to write to a read-only volume",
}
"""Files that cannot end well on the bare host, and why."""

CRANE = '[ "$1" = digest ] && echo sha256:0123456789abcdef && exit 0; echo "unknown command" >&2; exit 1'
"""Stands in for the program that asks a registry for an image's digest: there is no network here."""

SETTINGS = {
    executor: {"images": {"go-containerregistry/crane": {"entrypoint": ["sh", "-c", CRANE, "crane"]}}}
    for executor in EXECUTORS
}


def test_the_files_are_those_that_upstream_has() -> None:
    assert (len(RUNNABLE), len(OTHERS)) == (67, 10)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_examples_end_as_upstream_expects(executor: str, tmp_path: Path) -> None:
    runner = Runner.make(tmp_path, need(executor), SETTINGS)
    left_out = {row["file"]: program for row in RUNNABLE if (program := missing_program(row))}
    lacking = bool(left_out)
    if executor == "process":
        left_out.update(NEEDS_ISOLATION)
    files = [row["file"] for row in RUNNABLE if row["file"] not in left_out]
    try:
        with ThreadPoolExecutor(max_workers=4) as pool:
            endings = dict(zip(files, pool.map(lambda file: ending(runner, file), files), strict=True))
    finally:
        runner.server.close()
    assert {file: text for file, text in endings.items() if text != "True"} == {}
    measured = {"succeeded": len(endings), "skipped": len(left_out)}
    if os.environ.get("HOLKAS_WRITE_COUNTS"):
        write(executor, measured)
    committed = examples.counts()["executors"][executor]
    assert measured["succeeded"] + measured["skipped"] == examples.counts()["runnable"]
    assert committed == measured or lacking, left_out


def test_the_table_of_the_readme_shows_these_counts() -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8") == examples.readme()


def ending(runner: Runner, file: str) -> str:
    """``True``, or what went wrong with the first run of a file."""
    finished = runner.run((CORPUS / file).read_text(encoding="utf-8"))
    condition = finished.record.condition
    return condition.status if condition.succeeded else f"{condition.reason}: {condition.message}"


def missing_program(row: Mapping[str, str]) -> str:
    """A program that the file's images bring and this machine lacks; empty where there is none."""
    images = row["images"].split(",")
    wanted = {program for image in images for part, program in PROGRAMS.items() if part in image}
    return next((program for program in sorted(wanted) if shutil.which(program) is None), "")


def write(executor: str, measured: Mapping[str, int]) -> None:
    found = examples.counts()
    executors = {**found.get("executors", {}), executor: dict(measured)}
    ordered = {name: executors[name] for name in sorted(executors, reverse=True)}
    counts = {"runnable": len(RUNNABLE), "executors": ordered}
    examples.COUNTS.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    (ROOT / "README.md").write_text(examples.readme(), encoding="utf-8")


FIELDS = {
    "v1/pipelineruns/beta/git-resolver.yaml": "spec.pipelineSpec.tasks[0].taskRef.resolver",
    "v1/pipelineruns/beta/http-resolver-credentials.yaml": "spec.pipelineSpec.tasks[0].taskRef.resolver",
    "v1/pipelineruns/beta/http-resolver.yaml": "spec.pipelineSpec.tasks[0].taskRef.resolver",
    "v1/taskruns/beta/bundles-resolver.yaml": "spec.taskRef.resolver",
    "v1/taskruns/beta/git-resolver.yaml": "spec.taskRef.resolver",
    "v1/taskruns/beta/hub-resolver.yaml": "spec.taskRef.resolver",
    "v1/taskruns/dind-sidecar.yaml": "sidecars[0].securityContext.privileged",
}
"""Files that holkas refuses, and the field that it names."""


@pytest.mark.parametrize("file", sorted(FIELDS))
def test_what_cannot_run_is_refused_with_its_field(file: str, tmp_path: Path) -> None:
    text = (CORPUS / file).read_text(encoding="utf-8")
    findings = IMPORTER.load(load_documents(Source("run.yaml", text.encode())), RunWish()).findings
    if findings:
        assert all(FIELDS[file] in finding.message for finding in findings)
        return
    runner = Runner.make(tmp_path, "process")
    try:
        finished = runner.run(text)
    finally:
        runner.server.close()
    assert finished.record.condition.status == "False"
    assert FIELDS[file] in finished.message
    assert [event for event in finished.events if event.kind.value == "step-started"] == []


def test_the_other_files_use_the_network_in_their_scripts() -> None:
    """They are begun, and it is their own command that fails: holkas cannot know that there is no network.

    The last one brings its own server and runs in containers (test_tekton_example_with_ssh.py). The first two start
    ``/ko-app/git-init`` and kaniko of their images, which are nowhere but in a registry of the internet.
    """
    rest = [row for row in OTHERS if row["file"] not in FIELDS]
    assert [row["file"] for row in rest] == [
        "v1/pipelineruns/pipelinerun-with-final-tasks.yaml",
        "v1/pipelineruns/pipelinerun.yaml",
        "v1/taskruns/authenticating-git-commands.yaml",
    ]
    assert {row["needs_network"] for row in rest} == {"y"}
