"""Tekton's own examples are accepted, loaded, and written again as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from holkas.extensions.importer import RunWish
from holkas.model.finding import Severity
from holkas.yaml import Source, load_documents
from holkas_compat.tekton import reader, writer
from holkas_compat.tekton.defaults import apply_defaults
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.lint.codes import RESOLVER
from holkas_compat.tekton.reader.durations import parse_duration

from tests.shared import shared

pytestmark = pytest.mark.conformance

ROOT = shared("corpora", "tekton-examples")
FILES = sorted(ROOT.rglob("*.yaml"))
IMPORTER = TektonImporter()

FORMS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "Task": (reader.read_task, writer.write_task),
    "Pipeline": (reader.read_pipeline, writer.write_pipeline),
    "TaskRun": (reader.read_task_run, writer.write_task_run),
    "PipelineRun": (reader.read_pipeline_run, writer.write_pipeline_run),
    "StepAction": (reader.read_step_action, writer.write_step_action),
}


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_all_examples_are_there() -> None:
    assert len(FILES) == 77


@pytest.mark.parametrize("path", FILES, ids=label)
def test_an_example_has_no_errors(path: Path) -> None:
    found = IMPORTER.lint(load_documents(Source.read(path)), level="alpha")
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize("path", FILES, ids=label)
def test_an_example_loads(path: Path) -> None:
    """Every run in its order; only references through resolvers cannot be followed."""
    documents = load_documents(Source.read(path))
    loaded = IMPORTER.load(documents, RunWish(seed="s"))
    kinds = [document.value["kind"] for document in documents]
    assert [type(run).__name__ for run in loaded.runs] == [kind for kind in kinds if kind.endswith("Run")]
    assert {finding.code for finding in loaded.findings} <= {RESOLVER}


@pytest.mark.parametrize("path", FILES, ids=label)
def test_an_example_is_written_as_it_was_read(path: Path) -> None:
    for document in load_documents(Source.read(path)):
        forms = FORMS.get(document.value["kind"])
        if forms is not None:
            read, write = forms
            written = write(read(document.value))
            assert normal(written) == normal(document.value)


def normal(document: dict[str, Any]) -> Any:
    """A document up to what the writer normalises: defaults, StepAction's version, spelling of durations, types
    that are ``string`` anyway."""
    version = {"StepAction": "tekton.dev/v1beta1"}.get(document["kind"], document["apiVersion"])
    return spelt(apply_defaults({**document, "apiVersion": version}))


def spelt(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        written = value.items()
        return {name: spelt(item, name) for name, item in written if (name, item) != ("type", "string")}
    if isinstance(value, list):
        return [spelt(item) for item in value]
    return parse_duration(value) if key == "timeout" else value
