"""``holkas convert`` and ``holkas schema``."""

from __future__ import annotations

import json

import jsonschema
import pytest
from holkas.yaml import Source, load, load_documents

RUN = """\
# who runs it
apiVersion: tekton.dev/v1beta1
kind: PipelineRun
metadata: {name: r}   # name
spec:
  timeout: 1h   # long
  serviceAccountName: sa
  pipelineRef: {name: p}
---
# not Tekton's
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
"""
LOSSY = RUN.replace("spec:\n", "spec:\n  managedBy: somebody.example.com\n")
CONVERTED = """\
# who runs it
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}   # name
spec:
  pipelineRef: {name: p}
  timeouts:
    pipeline: 1h
  taskRunTemplate:
    serviceAccountName: sa
---
# not Tekton's
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
"""


def test_what_need_not_change_keeps_its_text(holkas):
    holkas.file("run.yaml", RUN)
    result = holkas("convert", "run.yaml", "--to", "tekton/v1")
    assert result.out == CONVERTED
    assert result.code == 0
    assert result.err.splitlines() == [
        "run.yaml:2: apiVersion is now tekton.dev/v1",
        "run.yaml:6: spec.timeout is now spec.timeouts.pipeline",
        "run.yaml:7: spec.serviceAccountName is now spec.taskRunTemplate.serviceAccountName",
    ]


def test_a_file_is_changed_in_place_and_then_no_more(holkas):
    path = holkas.file("run.yaml", RUN)
    assert holkas("convert", "run.yaml", "--to", "tekton/v1", "-i").out == ""
    assert path.read_text() == CONVERTED
    again = holkas("convert", "run.yaml", "--to", "tekton/v1", "--in-place")
    assert (again.err, path.read_text()) == ("", CONVERTED)


def test_what_is_lost_is_told_and_strict_refuses(holkas):
    path = holkas.file("run.yaml", LOSSY)
    result = holkas("convert", "run.yaml", "--to", "tekton/v1")
    assert "run.yaml:6: spec.managedBy is lost: tekton/v1 has no place for it" in result.err
    assert result.out == CONVERTED
    strict = holkas("convert", "run.yaml", "--to", "tekton/v1", "--strict", "-i")
    assert (strict.code, strict.out, path.read_text()) == (5, "", LOSSY)


def test_what_v1_has_no_field_for_is_kept_in_an_annotation(holkas):
    holkas.file(
        "task.yaml",
        """\
        apiVersion: tekton.dev/v1beta1
        kind: Task
        metadata: {name: t}
        spec:
          params: [{name: many, default: [a]}, {name: one}]
          steps: [{name: s, image: a, tty: true, resources: {limits: {cpu: 1}}}]
        """,
    )
    result = holkas("convert", "task.yaml", "--to", "tekton/v1", "--strict")
    assert result.code == 0
    assert "spec.steps[0].tty has no place in tekton/v1 and is kept in the annotation" in result.err
    assert "spec.params[0].type was added: array" in result.err
    value = load(result.out)
    assert [param["type"] for param in value["spec"]["params"]] == ["array", "string"]
    assert "deprecatedSteps" in value["metadata"]["annotations"]["tekton.dev/v1beta1.task-deprecations"]


def test_a_document_with_an_alias_in_the_way_is_written_anew(holkas):
    holkas.file(
        "task.yaml",
        """\
        # kept
        kind: ConfigMap
        apiVersion: v1
        ---
        apiVersion: tekton.dev/v1beta1
        kind: Task
        metadata: {name: t}
        spec:
          steps:
          - {name: a, image: i, resources: &r {limits: {cpu: "1"}}}
          - &b {name: b, image: i, resources: *r}
          sidecars: [*b]
        """,
    )
    result = holkas("convert", "task.yaml", "--to", "tekton/v1")
    assert "task.yaml: document 2 is written anew, without its comments" in result.err
    assert result.out.startswith("# kept\n")
    spec = load_documents(Source("f", result.out.encode()))[1].value["spec"]
    assert spec["sidecars"][0]["computeResources"] == {"limits": {"cpu": "1"}}


def test_what_tekton_does_not_read_stays_as_it_is(holkas):
    text = "apiVersion: tekton.dev/v1beta1\nkind: Task\nmetadata: {name: t}\nspec: {step: []}\n"
    path = holkas.file("bad.yaml", text)
    holkas.file("run.yaml", RUN)
    result = holkas("convert", "bad.yaml", "run.yaml", "--to", "tekton/v1")
    assert result.code == 1
    assert "error[T010]" in result.err
    assert result.out == f"{text}---\n{CONVERTED}"
    assert path.read_text() == text


def test_a_document_that_has_no_new_form(holkas):
    holkas.file(
        "task.yaml",
        """\
        apiVersion: tekton.dev/v1beta1
        kind: Task
        metadata: {name: t, annotations: {tekton.dev/v1beta1.task-deprecations: "no json"}}
        spec: {steps: [{name: s, image: a, tty: true}]}
        """,
    )
    result = holkas("convert", "task.yaml", "--to", "tekton/v1")
    assert result.code == 1
    assert "error[T515]" in result.err


def test_forms_and_standard_input_are_checked(holkas):
    holkas.file("run.yaml", RUN)
    unknown = holkas("convert", "run.yaml", "--to", "jenkins")
    assert unknown.code == 2
    assert "there are: tekton/v1" in unknown.err


def test_standard_input_cannot_be_changed_in_place(holkas, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(RUN.encode())))
    assert holkas("convert", "-", "--to", "tekton/v1", "-i").code == 2


@pytest.mark.parametrize("kind", ["Task", "Pipeline", "TaskRun", "PipelineRun", "StepAction", "CustomRun"])
def test_the_schema_of_a_kind_is_a_schema(holkas, kind):
    schema = holkas("schema", kind).json
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"].startswith(f"{kind} (tekton.dev/v1")


def test_a_schema_judges_a_manifest(holkas):
    schema = holkas("schema", "Task").json
    good = {"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"name": "s", "image": "a"}]}}
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, "spec": {"step": []}}, schema)


def test_the_schema_of_an_older_version(holkas):
    assert (
        "tekton.dev/v1beta1" in holkas("schema", "Task", "--api-version", "tekton.dev/v1beta1").json["title"]
    )
    missing = holkas("schema", "Task", "--api-version", "tekton.dev/v9")
    assert missing.code == 2
    assert "it does in tekton.dev/v1, tekton.dev/v1beta1" in missing.err


def test_kinds_are_listed_and_misspelt_ones_are_helped(holkas):
    assert "PipelineRun\ttekton.dev/v1, tekton.dev/v1beta1\n" in holkas("schema", "--list").out
    assert "did you mean Pipeline?" in holkas("schema", "Pipline").err
    assert "there are AppProject" in holkas("schema", "Xyzzy").err


def test_without_a_kind_it_is_the_configuration_s_schema(holkas):
    assert "run" in json.loads(holkas("schema").out)["properties"]
