"""The tables themselves, and what is made of them: order, Go's encoding, JSON Schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from holkas_compat.manifest.types import Later, ListOf, MapOf, Struct, Type
from holkas_compat.tekton.json_schema import schema_for
from holkas_compat.tekton.schema.encode import encode
from holkas_compat.tekton.schema.kinds import KINDS, V1, V1BETA1, table, versions
from holkas_compat.tekton.schema.ordering import ordered
from holkas_compat.tekton.schema.pipeline import PIPELINE_RESULT
from holkas_compat.tekton.schema.taskrun import TASK_RUN_V1
from holkas_compat.tekton.triggers.schema.kinds import KINDS as TRIGGER_KINDS
from jsonschema import Draft202012Validator


def structs() -> Iterator[Struct]:
    seen: set[int] = set()
    waiting: list[Type] = list(KINDS.values())
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, Later):
            waiting.append(type_.resolve())
        elif isinstance(type_, ListOf):
            waiting.append(type_.item)
        elif isinstance(type_, MapOf):
            waiting.append(type_.value)
        elif isinstance(type_, Struct) and id(type_) not in seen:
            seen.add(id(type_))
            yield type_
            waiting += [field.type for field in type_.fields.values()]


def test_one_name_stands_for_one_shape() -> None:
    """JSON Schemas are keyed by the name."""
    shapes: dict[str, list[str]] = {}
    for found in structs():
        assert shapes.setdefault(found.name, list(found.fields)) == list(found.fields)


def test_no_two_fields_of_a_table_differ_only_in_case() -> None:
    for found in structs():
        assert len(found.folded) == len(found.fields), found.name


def test_versions_are_listed_with_the_newest_first() -> None:
    assert versions("Task") == [V1, V1BETA1]
    assert versions("StepAction") == [V1BETA1, "tekton.dev/v1alpha1"]
    assert versions("Nothing") == []
    assert table("Task", "tekton.dev/v9") is None


def test_order_is_customary_and_complete() -> None:
    spec = {
        "steps": [{"script": "s", "novel": 1, "image": "i", "name": "n"}],
        "params": [],
        "zzz": {},
        "description": "",
    }
    obj = {
        "spec": spec,
        "status": None,
        "metadata": {"labels": {"b": "1", "a": "2"}, "name": "x"},
        "kind": "Task",
        "apiVersion": V1,
    }
    made = ordered(obj)
    assert made == obj
    assert list(made) == ["apiVersion", "kind", "metadata", "spec", "status"]
    assert list(made["metadata"]) == ["name", "labels"]
    assert list(made["metadata"]["labels"]) == ["b", "a"]
    assert list(made["spec"]) == ["params", "description", "steps", "zzz"]
    assert list(made["spec"]["steps"][0]) == ["name", "image", "script", "novel"]


def test_order_of_maps_of_tables_and_of_wrong_values() -> None:
    properties = {"z": {"type": "string"}, "a": {"type": "string"}}
    obj = {
        "kind": "Task",
        "apiVersion": V1,
        "spec": {"params": [{"properties": properties, "name": "p"}, 5], "steps": {}},
    }
    made = ordered(obj)
    assert made == obj
    assert list(made["spec"]["params"][0]) == ["name", "properties"]
    assert list(made["spec"]["params"][0]["properties"]) == ["z", "a"]


def test_objects_of_other_kinds_keep_their_order() -> None:
    secret = {"kind": "Secret", "apiVersion": "v1"}
    assert list(ordered(secret)) == ["kind", "apiVersion"]


def test_go_writes_what_is_not_optional() -> None:
    assert encode(TASK_RUN_V1, {"spec": {"retries": 0, "timeout": "90s"}}) == {
        "metadata": {},
        "spec": {"serviceAccountName": "", "timeout": "1m30s"},
        "status": {"podName": ""},
    }
    assert encode(PIPELINE_RESULT, {"name": "r"}) == {"name": "r", "description": "", "value": ""}


def test_go_keeps_empty_values_behind_pointers() -> None:
    step = {
        "securityContext": {"privileged": False, "runAsUser": 0},
        "args": [],
        "env": [{"name": "A", "value": ""}],
    }
    made = encode(TASK_RUN_V1, {"spec": {"taskSpec": {"steps": [step]}}})["spec"]["taskSpec"]["steps"][0]
    assert made == {
        "name": "",
        "env": [{"name": "A"}],
        "computeResources": {},
        "securityContext": {"privileged": False, "runAsUser": 0},
    }


@pytest.mark.parametrize(("kind", "version"), sorted(KINDS | TRIGGER_KINDS))
def test_every_json_schema_is_valid_and_takes_an_example(kind: str, version: str) -> None:
    schema = schema_for(kind, version)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    example = {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "novel": 1}, "spec": {}}
    assert validator.is_valid(example)
    assert not validator.is_valid({**example, "kind": "Other"})
    assert not validator.is_valid({**example, "spek": {}})
    assert not validator.is_valid({**example, "spec": []})


def pipeline_errors(**spec: Any) -> list[str]:
    example = {"apiVersion": V1, "kind": "Pipeline", "spec": spec}
    return [error.json_path for error in Draft202012Validator(schema_for("Pipeline")).iter_errors(example)]


def test_json_schemas_know_the_types_of_values() -> None:
    task = {
        "name": "a",
        "timeout": "1h30m",
        "retries": 2,
        "when": [{"input": "a", "operator": "in", "values": ["a"]}],
    }
    assert pipeline_errors(tasks=[task], params=[{"name": "p", "default": ["a"]}]) == []
    assert pipeline_errors(tasks=[{**task, "timeout": "1d"}]) == ["$.spec.tasks[0].timeout"]
    assert pipeline_errors(tasks=[{**task, "retries": "2"}]) == ["$.spec.tasks[0].retries"]
    assert pipeline_errors(params=[{"name": "p", "type": "int"}]) == ["$.spec.params[0].type"]
    nested = {"name": "b", "pipelineSpec": {"tasks": [{"nmae": "c"}]}}
    assert pipeline_errors(tasks=[nested]) == ["$.spec.tasks[0].pipelineSpec.tasks[0]"]


def test_json_schemas_of_triggers_know_their_fields() -> None:
    def errors(**spec: Any) -> list[str]:
        example = {"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "EventListener", "spec": spec}
        return [
            error.json_path
            for error in Draft202012Validator(schema_for("EventListener")).iter_errors(example)
        ]

    trigger = {"name": "push", "bindings": [{"ref": "b"}], "template": {"ref": "t"}}
    assert errors(serviceAccountName="bot", triggers=[trigger]) == []
    assert errors(triggers=[{**trigger, "template": {"reff": "t"}}]) == ["$.spec.triggers[0].template"]
    assert errors(triggers=[{**trigger, "bindings": {"ref": "b"}}]) == ["$.spec.triggers[0].bindings"]


def test_deprecated_fields_are_marked() -> None:
    definitions = schema_for("Task", V1BETA1)["$defs"]
    assert definitions["v1beta1.Step"]["properties"]["tty"]["deprecated"]
    assert "deprecated" not in definitions["v1beta1.Step"]["properties"]["image"]


@pytest.mark.parametrize(("kind", "version"), [("Nothing", ""), ("Task", "tekton.dev/v9")])
def test_schemas_of_what_does_not_exist(kind: str, version: str) -> None:
    with pytest.raises(LookupError, match=kind):
        schema_for(kind, version)
