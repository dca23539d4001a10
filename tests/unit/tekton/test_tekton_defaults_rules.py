"""What is filled in, and above all what is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.defaults import DefaultsConfig, Operation, apply_defaults, default_part
from holkas_compat.tekton.defaults.pod_template import merge_pod_template
from holkas_compat.tekton.schema.kinds import KINDS, V1, V1BETA1


def run(kind: str, version: str = V1, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": spec}


def spec_of(obj: dict[str, Any], **config: Any) -> dict[str, Any]:
    spec = apply_defaults(obj, DefaultsConfig(**config))["spec"]
    assert isinstance(spec, dict)
    return spec


@pytest.mark.parametrize(
    ("spec", "type_"),
    [
        ({}, "string"),
        ({"type": "array"}, "array"),
        ({"default": "x"}, "string"),
        ({"default": []}, "array"),
        ({"default": {}}, "object"),
        ({"properties": {}}, "object"),
        ({"properties": {"k": {}}, "default": "x"}, "object"),
        ({"type": "", "default": ["a"]}, "array"),
    ],
)
def test_the_type_of_a_param_is_inferred(spec: dict[str, Any], type_: str) -> None:
    assert default_part("ParamSpec", V1, {"name": "p", **spec})["type"] == type_


def test_keys_of_objects_are_strings_unless_said_otherwise() -> None:
    spec = {"name": "p", "type": "object", "properties": {"a": {}, "b": {"type": "array"}}}
    assert default_part("ParamSpec", V1, spec)["properties"] == {
        "a": {"type": "string"},
        "b": {"type": "array"},
    }


def test_results_of_tasks_and_step_actions_have_types_but_not_those_of_inline_steps() -> None:
    spec = spec_of(run("Task", results=[{"name": "r"}], steps=[{"results": [{"name": "s"}]}]))
    assert spec["results"] == [{"name": "r", "type": "string"}]
    assert spec["steps"][0]["results"] == [{"name": "s"}]
    action = spec_of(run("StepAction", V1BETA1, results=[{"name": "o", "properties": {"k": {}}}]))
    assert action["results"] == [{"name": "o", "type": "object", "properties": {"k": {"type": "string"}}}]


@pytest.mark.parametrize(
    ("ref", "resolver", "expected"),
    [
        ({"name": "t"}, "", {"name": "t", "kind": "Task"}),
        ({"name": "t", "kind": "X"}, "", {"name": "t", "kind": "X"}),
        ({}, "", {"kind": "Task"}),
        ({}, "git", {"resolver": "git"}),
        ({"resolver": "hub"}, "git", {"resolver": "hub"}),
        ({"name": "t"}, "git", {"name": "t", "kind": "Task"}),
    ],
)
def test_references_to_tasks(ref: dict[str, Any], resolver: str, expected: dict[str, Any]) -> None:
    assert spec_of(run("TaskRun", taskRef=ref), resolver=resolver)["taskRef"] == expected
    task = {"name": "a", "taskRef": ref}
    assert spec_of(run("Pipeline", tasks=[task]), resolver=resolver)["tasks"][0]["taskRef"] == expected


def test_references_to_pipelines_and_step_actions_get_the_resolver_only() -> None:
    assert spec_of(run("PipelineRun", pipelineRef={}), resolver="git")["pipelineRef"] == {"resolver": "git"}
    assert spec_of(run("Task", steps=[{"ref": {}}]), resolver="git")["steps"] == [
        {"ref": {"resolver": "git"}}
    ]


def test_time_outs_of_runs() -> None:
    assert spec_of(run("TaskRun"), timeout_minutes=5)["timeout"] == "5m0s"
    assert spec_of(run("TaskRun", timeout="1s"))["timeout"] == "1s"
    assert spec_of(run("PipelineRun"), timeout_minutes=0)["timeouts"] == {"pipeline": "0s"}
    assert spec_of(run("PipelineRun", timeouts={"tasks": "1m"}))["timeouts"] == {
        "tasks": "1m",
        "pipeline": "1h0m0s",
    }


def test_v1beta1_fills_one_of_timeout_and_timeouts() -> None:
    assert spec_of(run("PipelineRun", V1BETA1))["timeout"] == "1h0m0s"
    assert spec_of(run("PipelineRun", V1BETA1, timeout="2m"))["timeout"] == "2m"
    both = spec_of(run("PipelineRun", V1BETA1, timeouts={}))
    assert both["timeouts"] == {"pipeline": "1h0m0s"}
    assert "timeout" not in both
    assert spec_of(run("PipelineRun", V1BETA1, timeouts={"pipeline": "1s"}))["timeouts"] == {"pipeline": "1s"}


def test_service_accounts() -> None:
    assert spec_of(run("TaskRun"))["serviceAccountName"] == "default"
    assert spec_of(run("CustomRun", V1BETA1), service_account="sa")["serviceAccountName"] == "sa"
    assert "serviceAccountName" not in spec_of(run("TaskRun"), service_account="")
    assert spec_of(run("PipelineRun"))["taskRunTemplate"] == {"serviceAccountName": "default"}
    assert "taskRunTemplate" not in spec_of(run("PipelineRun"), service_account="")


def test_only_task_runs_are_labelled() -> None:
    labels = {"app.kubernetes.io/managed-by": "me"}
    assert apply_defaults(run("TaskRun"), DefaultsConfig(managed_by="me"))["metadata"]["labels"] == labels
    own = {**run("TaskRun"), "metadata": {"labels": {"app.kubernetes.io/managed-by": "you", "a": "b"}}}
    assert apply_defaults(own)["metadata"] == own["metadata"]
    assert "labels" not in apply_defaults(run("PipelineRun"))["metadata"]


@pytest.mark.parametrize("kind", ["TaskRun", "PipelineRun"])
def test_annotations_of_chains_are_dropped_at_creation_only(kind: str) -> None:
    annotations = {"chains.tekton.dev/signed": "true", "a": "b"}
    obj = {**run(kind), "metadata": {"annotations": annotations}}
    assert apply_defaults(obj)["metadata"]["annotations"] == {"a": "b"}
    updated = apply_defaults(obj, DefaultsConfig(operation=Operation.UPDATE))
    assert updated["metadata"]["annotations"] == annotations


def test_inline_specs_are_filled_too() -> None:
    task = {"name": "a", "taskSpec": {"params": [{"name": "p"}]}}
    spec = spec_of(
        run("PipelineRun", pipelineSpec={"params": [{"name": "q"}], "tasks": [task], "finally": [task]})
    )
    pipeline = spec["pipelineSpec"]
    assert pipeline["params"] == [{"name": "q", "type": "string"}]
    for key in ("tasks", "finally"):
        assert pipeline[key][0]["taskSpec"]["params"] == [{"name": "p", "type": "string"}]
    inner = spec_of(run("TaskRun", taskSpec={"results": [{"name": "r"}]}))["taskSpec"]
    assert inner["results"] == [{"name": "r", "type": "string"}]


def test_a_missing_spec_is_filled_where_there_is_something_to_fill() -> None:
    assert apply_defaults({"apiVersion": V1, "kind": "TaskRun"})["spec"]["timeout"] == "1h0m0s"
    assert apply_defaults({"apiVersion": V1, "kind": "Task"}) == {"apiVersion": V1, "kind": "Task"}


def test_other_kinds_and_the_given_object_are_left_alone() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret"}
    assert apply_defaults(secret) is secret
    obj = run("TaskRun", taskRef={"name": "t"})
    before = repr(obj)
    apply_defaults(obj, DefaultsConfig(pod_template={"hostNetwork": True}))
    assert repr(obj) == before


@pytest.mark.parametrize(("kind", "version"), sorted(KINDS))
def test_defaults_are_filled_in_once_and_can_be_read(kind: str, version: str) -> None:
    once = apply_defaults(run(kind, version))
    assert apply_defaults(once) == once
    assert decode(once).problems == []


def test_pod_templates_are_merged_field_by_field() -> None:
    default = {
        "nodeSelector": {"a": "b"},
        "env": [{"name": "A", "value": "low"}, {"name": "B"}, {}],
        "schedulerName": "s",
        "hostNetwork": True,
        "automountServiceAccountToken": True,
    }
    own = {
        "nodeSelector": {"c": "d"},
        "env": [{"name": "A", "value": "high"}, {"name": ""}],
        "schedulerName": "",
        "hostNetwork": False,
        "automountServiceAccountToken": False,
    }
    assert merge_pod_template(own, default) == {
        "nodeSelector": {"c": "d"},
        "env": [{"name": "A", "value": "high"}, {"name": "B"}],
        "schedulerName": "s",
        "hostNetwork": True,
        "automountServiceAccountToken": False,
    }


def test_pod_templates_where_one_is_missing() -> None:
    assert merge_pod_template(None, None) is None
    assert merge_pod_template({"schedulerName": "s"}, None) == {"schedulerName": "s"}
    assert merge_pod_template(None, {"schedulerName": "s"}) == {"schedulerName": "s"}
    assert merge_pod_template({}, {"env": [{"name": "A"}]}) == {"env": [{"name": "A"}]}
    spec = spec_of(run("TaskRun"), pod_template={"schedulerName": "s"})
    assert spec["podTemplate"] == {"schedulerName": "s"}
