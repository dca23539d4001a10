"""Tekton behind the importer's interface and behind the plugin hooks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from holkas.extensions.importer import Importer, RunWish
from holkas.model.finding import Severity
from holkas.model.record import Condition, TaskRunRecord
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRun
from holkas.plugins import Context
from holkas.yaml import Document, Source, load_documents
from holkas_compat.manifest.finding import field_text
from holkas_compat.tekton import hooks
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.unit import Unit

IMPORTER = TektonImporter()
SOURCE = Source("f.yaml", b"")


@pytest.mark.parametrize(
    ("document", "ours"),
    [
        ({"apiVersion": "tekton.dev/v1", "kind": "Task"}, True),
        ({"apiVersion": "tekton.dev/v1beta1", "kind": "Whatever"}, True),
        ({"apiVersion": "tekton.dev/v9"}, True),
        ({"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "Trigger"}, True),
        ({"apiVersion": "kubeflow.org/v1", "kind": "Pipeline"}, False),
        ({"apiVersion": "tekton.dvv/v1", "kind": "Pipeline"}, True),
        ({"apiVersion": "", "kind": "PipelineRun"}, True),
        ({"kind": "Task"}, True),
        ({"apiVersion": 5, "kind": "Task"}, True),
        ({"apiVersion": "v1", "kind": "ConfigMap"}, False),
        ({"kind": 5}, False),
        ({}, False),
    ],
)
def test_which_documents_are_tektons(document: dict[str, Any], ours: bool) -> None:
    assert IMPORTER.recognises(document) is ours


@pytest.mark.parametrize("value", ["text", [1], {}, {"spec": {}}, {"kind": ""}, 5])
def test_what_is_no_manifest_at_all_is_refused(value: Any) -> None:
    [finding] = IMPORTER.lint([Document(SOURCE, 0, value)])
    assert finding.severity is Severity.ERROR


def test_documents_of_other_groups_are_let_alone() -> None:
    assert IMPORTER.lint([Document(SOURCE, 0, {"apiVersion": "x.dev/v1", "kind": "Y", "spec": 5})]) == []


def test_findings_of_one_document_come_with_their_place() -> None:
    text = "a: b\n---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {stepz: [], steps: []}\n"
    found = IMPORTER.lint(load_documents(Source("f.yaml", text.encode()))[1:])
    assert {(finding.place.source, finding.place.document) for finding in found} == {("f.yaml", 1)}
    assert found[0].place.path == ("spec", "stepz")
    assert found[0].place.on_key


def test_findings_come_in_the_order_of_the_files() -> None:
    bad = "{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: NAME}, spec: {steps: []}}"
    documents = [
        load_documents(Source(name, bad.replace("NAME", name).encode()))[0] for name in ("b", "a", "c")
    ]
    assert [finding.place.source for finding in IMPORTER.lint(documents)] == ["b", "a", "c"]


def test_the_level_decides_what_is_allowed() -> None:
    text = (
        "{apiVersion: tekton.dev/v1, kind: Pipeline, metadata: {name: p}, "
        "spec: {tasks: [{name: sub, pipelineRef: {name: q}}]}}"
    )
    documents = load_documents(Source("f.yaml", text.encode()))
    assert "T105" in [finding.code for finding in IMPORTER.lint(documents, level="beta")]
    assert "T105" not in [finding.code for finding in IMPORTER.lint(documents, level="alpha")]


def test_load_and_manifest_go_together() -> None:
    text = "{apiVersion: tekton.dev/v1beta1, kind: TaskRun, metadata: {name: r}, spec: {taskRef: {name: t}}}"
    [run] = IMPORTER.load(load_documents(Source("f.yaml", text.encode())), RunWish()).runs
    assert IMPORTER.manifest(run) == {
        "apiVersion": "tekton.dev/v1",
        "kind": "TaskRun",
        "metadata": {"name": "r"},
        "spec": {"taskRef": {"name": "t"}},
    }
    record = TaskRunRecord(name="r", condition=Condition(status="True", reason="Succeeded"))
    status = IMPORTER.manifest(TaskRun(name="r", ref=Reference(name="t")), record)["status"]
    assert status["conditions"][0]["status"] == "True"


def test_an_older_document_that_cannot_be_converted_is_refused() -> None:
    text = """
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: t, annotations: {tekton.dev/v1beta1.task-deprecations: '{broken'}}
spec: {steps: [{image: "a:1", script: e, tty: true}]}
"""
    found = IMPORTER.lint(load_documents(Source("f.yaml", text.encode())))
    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == ["T515"]


def test_types_of_older_documents_follow_from_their_defaults() -> None:
    text = """
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: t}
spec: {params: [{name: p, default: [a]}], steps: [{image: "a:1", script: "echo"}]}
"""
    catalog = IMPORTER.load(load_documents(Source("f.yaml", text.encode())), RunWish()).catalog
    assert catalog.tasks["t"].spec.params[0].type == "array"
    run = """
apiVersion: tekton.dev/v1beta1
kind: PipelineRun
metadata: {name: r}
spec:
  params: [{name: p, value: [a]}]
  pipelineSpec:
    params: [{name: p, default: [a]}]
    tasks: [{name: t, taskSpec: {params: [{name: q, default: [a]}], steps: [{image: "a:1", script: e}]}}]
"""
    [found] = IMPORTER.load(load_documents(Source("f.yaml", run.encode())), RunWish()).runs
    assert isinstance(found, PipelineRun) and found.spec is not None
    task = found.spec.tasks[0].task_spec
    assert task is not None
    assert [spec.type for spec in (*found.spec.params, *task.params)] == ["array", "array"]
    assert found.timeouts.pipeline is None


def test_files_without_manifests_are_passed_over_in_a_directory() -> None:
    task = (
        "{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t}, "
        "spec: {steps: [{image: 'a@sha256:1', args: [e]}]}}"
    )
    manifest = load_documents(Source("a.yaml", task.encode()))
    other = load_documents(Source("compose.yaml", b"services: {}"))
    assert IMPORTER.lint([*manifest, *other]) == []
    assert len(IMPORTER.lint(other)) == 1
    inside = load_documents(Source("a.yaml", f"{task}\n---\nservices: {{}}".encode()))
    assert [finding.place.document for finding in IMPORTER.lint(inside)] == [1]


def test_paths_are_spelt_as_tekton_spells_them() -> None:
    assert field_text(("spec", "tasks", 0, "params", 1)) == "spec.tasks[0].params[1]"


def test_a_path_that_the_document_lacks_is_cut_to_what_is_there() -> None:
    unit = Unit(document=Document(SOURCE, 0, {"spec": {"a": [1]}}), kind="Task", name="t", tekton=True)
    cut = unit.finding("T000", "m", ("spec", "a", 3, "x"), within="w", on_key=True)
    assert (cut.place.path, cut.place.within, cut.place.on_key) == (("spec", "a"), "", False)
    whole = unit.finding("T000", "m", ("spec", "a", 0), within="w", on_key=True)
    assert (whole.place.path, whole.place.within, whole.place.on_key) == (("spec", "a", 0), "w", True)
    assert unit.finding("T000", "m").fields == ()


def test_the_hooks_hand_over_the_importer_and_its_codes() -> None:
    [provider] = list(hooks.holkas_importers())
    made = provider.make(Context())
    assert provider.name == "tekton" == made.name
    assert isinstance(made, Importer)
    codes = hooks.holkas_codes()
    assert "T507" in codes
    assert all(doc.title and doc.text for doc in codes.values())


def test_importing_the_hooks_imports_no_tables() -> None:
    code = "import sys, holkas_compat.tekton.hooks; print([m for m in sys.modules if 'tekton.' in m])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['holkas_compat.tekton.hooks']"
