"""What commands print for programs has exactly the fields that the reference names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs._generate.events import keys
from docs._generate.pages import read
from tests.docs.blocks import environment

ROW = re.compile(r"^\| `([\w.\[\]]+)` \| ([^|]+) \|", re.MULTILINE)
HOLKAS = str(Path(sys.executable).parent / "holkas")

PIPELINE = """
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  results: [{name: r, value: $(tasks.a.results.r)}]
  tasks:
    - name: a
      taskSpec:
        results: [{name: r}]
        steps: [{name: s, image: alpine, script: "printf 1 | tee $(results.r.path)"}]
    - name: b
      when: [{input: a, operator: in, values: [b]}]
      taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
"""
TASK = """
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec: {steps: [{name: s, image: alpine, script: "true"}]}
"""
TASK_TESTS = """
manifests: [t.yaml]
tests: [{name: fails, expect: {status: Failed}}]
"""
BAD = """
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec: {steps: [{name: s, image: alpine, script: "echo $(params.x)"}, {image: alpine, onError: never}]}
---
a: [
"""


def documented(kind: str) -> dict[str, str]:
    """Field → type, from the section of the page."""
    page = read("docs/reference/json.md")
    found = re.search(rf"^## {kind}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found
    return dict(ROW.findall(found[1]))


def fields(value: Any, types: dict[str, str], path: str = "") -> Iterator[str]:
    """Paths of all leaves; what the page calls a map, a list of plain values or any value is a leaf."""
    kind = types.get(path, "")
    if kind.startswith(("map", "list", "any")):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from fields(item, types, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from fields(item, types, f"{path}[]")
    else:
        yield path


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A directory with files, in which a run has been made."""
    directory = tmp_path_factory.mktemp("json")
    (directory / "home").mkdir()
    (directory / "p.yaml").write_text(PIPELINE, encoding="utf-8")
    (directory / "bad.yaml").write_text(BAD, encoding="utf-8")
    (directory / "t.yaml").write_text(TASK, encoding="utf-8")
    (directory / "t.test.yaml").write_text(TASK_TESTS, encoding="utf-8")
    run(directory, "run", "p.yaml")
    return directory


def run(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HOLKAS, *words], cwd=directory, env=environment(directory), capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("RunList", "runs list -o json"),
        ("Run", "runs show -o json"),
        ("FindingList", "lint bad.yaml --format json"),
        ("FidelityList", "run p.yaml --fidelity --executor process -o json"),
        ("TaskTestList", "test t.test.yaml -o json"),
        ("PipelineGraphList", "graph p.yaml -o json"),
        ("SettingList", "config show -o json"),
        ("PluginList", "plugins list -o json"),
        ("ContractReport", "plugins verify eventlog -o json"),
        ("DoctorReport", "doctor -o json"),
    ],
)
def test_a_shape_has_the_documented_fields(kind, words, place):
    printed = json.loads(run(place, *words.split()).stdout)
    assert printed.pop("apiVersion") == "holkas/v1"
    assert printed.pop("kind") == kind
    types = documented(kind)
    if kind == "Run":
        types |= {path.removeprefix("items[]."): kind for path, kind in documented("RunList").items()}
    found = set(fields(printed, types))
    assert found <= set(types), "the page lacks fields"
    optional = {path for path, kind in types.items() if "optional" in kind}
    assert set(types) - optional <= found, "the page has fields that are not there"


def test_a_list_of_no_problems_is_not_forgotten(place):
    printed = json.loads(run(place, "plugins", "list", "-o", "json").stdout)
    assert all(item["problems"] == [] for item in printed["items"])


def test_events_have_the_documented_data(place):
    lines = run(place, "run", "p.yaml", "--progress", "json").stderr.splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert {event["event"] for event in events} >= {
        "run-started", "note", "task-started", "step-started", "log", "step-finished", "task-finished",
        "task-skipped", "run-finished",
    }  # fmt: skip
    for event in events:
        assert set(event) == {"time", "event", "run", "task", "step", "data"}
        assert set(event["data"]) == keys(event["event"]), event["event"]
