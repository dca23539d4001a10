"""From v1beta1 to v1: names change, nothing is lost that v1 can say or an annotation can keep."""

from __future__ import annotations

import json
from typing import Any

import pytest
from holkas_compat.tekton.conversion.convert import to_v1
from holkas_compat.tekton.conversion.errors import ConversionError
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.schema.kinds import KINDS, V1, V1ALPHA1, V1BETA1

DEPRECATIONS = "tekton.dev/v1beta1.task-deprecations"
RESOURCES = "tekton.dev/v1beta1Resources"


def old(kind: str, spec: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    made = {"apiVersion": V1BETA1, "kind": kind, "metadata": {"name": "x"}, "spec": spec or {}, **parts}
    assert decode(made).problems == []
    return made


def converted(obj: dict[str, Any]) -> dict[str, Any]:
    made = to_v1(obj)
    assert decode(made).problems == []
    return made


def annotation(obj: dict[str, Any], key: str) -> Any:
    return json.loads(obj["metadata"]["annotations"][key])


@pytest.mark.parametrize(("kind", "version"), sorted(KINDS))
def test_every_kind_comes_in_its_newest_version(kind: str, version: str) -> None:
    obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": {}}
    made = converted(obj)
    newest = {"StepAction": V1BETA1, "CustomRun": V1BETA1, "VerificationPolicy": V1ALPHA1}.get(kind, V1)
    assert made == {**obj, "apiVersion": newest}
    assert obj["apiVersion"] == version


@pytest.mark.parametrize(
    "obj", [{}, {"kind": "Secret", "apiVersion": "v1"}, {"kind": "Task", "apiVersion": "tekton.dev/v3"}]
)
def test_what_is_not_of_tekton_has_no_v1(obj: dict[str, Any]) -> None:
    with pytest.raises(ConversionError, match="Tekton has no"):
        to_v1(obj)


def test_resources_of_containers_are_renamed() -> None:
    resources = {"limits": {"cpu": "1"}}
    spec = {
        "steps": [{"name": "a", "image": "i", "resources": resources}],
        "stepTemplate": {"resources": resources},
        "sidecars": [{"name": "s", "image": "i", "tty": True, "resources": resources}],
    }
    made = converted(old("Task", spec))
    assert made["spec"]["steps"] == [{"name": "a", "image": "i", "computeResources": resources}]
    assert made["spec"]["stepTemplate"] == {"computeResources": resources}
    assert made["spec"]["sidecars"] == [
        {"name": "s", "image": "i", "tty": True, "computeResources": resources}
    ]
    assert "annotations" not in made["metadata"]


def test_deprecated_fields_of_steps_are_kept_in_an_annotation() -> None:
    spec = {
        "steps": [
            {"name": "a", "image": "i"},
            {"name": "b", "image": "i", "tty": True, "lifecycle": {}, "stdin": False},
        ],
        "stepTemplate": {"name": "n", "image": "i"},
    }
    obj = old("Task", spec)
    made = converted(obj)
    assert annotation(made, DEPRECATIONS) == {
        "x": {
            "deprecatedSteps": [
                {"name": "", "resources": {}},
                {"name": "", "resources": {}, "lifecycle": {}, "tty": True},
            ],
            "deprecatedStepTemplate": {"name": "n", "resources": {}},
        }
    }
    assert made["spec"]["steps"][1] == {"name": "b", "image": "i"}
    assert made["spec"]["stepTemplate"] == {"image": "i"}
    assert "annotations" not in obj["metadata"]


def test_the_annotation_is_shared_by_all_tasks_of_a_pipeline() -> None:
    def task(name: str) -> dict[str, Any]:
        return {"name": name, "taskSpec": {"steps": [{"name": "s", "image": "i", "tty": True}]}}

    spec = {
        "tasks": [task("b"), {"name": "in", "pipelineSpec": {"tasks": [task("c")]}}],
        "finally": [task("a")],
    }
    made = converted(old("Pipeline", spec))
    assert list(annotation(made, DEPRECATIONS)) == ["a", "b", "c"]
    nested = made["spec"]["tasks"][1]["pipelineSpec"]["tasks"][0]
    assert nested["taskSpec"]["steps"] == [{"name": "s", "image": "i"}]


def test_a_template_alone_can_hold_deprecated_fields() -> None:
    made = converted(old("Task", {"stepTemplate": {"terminationMessagePath": "/m"}}))
    deprecated = {"deprecatedStepTemplate": {"resources": {}, "terminationMessagePath": "/m"}}
    assert annotation(made, DEPRECATIONS) == {"x": deprecated}


@pytest.mark.parametrize("damaged", ["{", "[]"])
def test_a_damaged_annotation_stops_the_conversion(damaged: str) -> None:
    obj = old("Task", {"steps": [{"name": "s", "tty": True}]})
    obj["metadata"]["annotations"] = {DEPRECATIONS: damaged}
    with pytest.raises(ConversionError, match="no JSON"):
        to_v1(obj)


def test_params_without_a_type_are_strings() -> None:
    made = converted(old("Pipeline", {"params": [{"name": "p"}, {"name": "q", "type": "array"}]}))
    assert [param["type"] for param in made["spec"]["params"]] == ["string", "array"]


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("Task", {"resources": {"inputs": [{"name": "g", "type": "git"}]}}, '{"inputs":[{"name":"g","type":"git"}]}'),
        ("Pipeline", {"resources": [{"name": "g", "type": "git", "optional": True}]},
         '[{"name":"g","type":"git","optional":true}]'),
        ("TaskRun", {"resources": {"outputs": [{"name": "o", "resourceRef": {"name": "r"}, "paths": ["p"]}]}},
         '{"outputs":[{"name":"o","resourceRef":{"name":"r"},"paths":["p"]}]}'),
        ("PipelineRun", {"resources": [{"name": "g", "resourceRef": {"name": "r"}}]},
         '[{"name":"g","resourceRef":{"name":"r"}}]'),
    ],
)  # fmt: skip
def test_pipeline_resources_are_kept_in_an_annotation(kind: str, spec: dict[str, Any], expected: str) -> None:
    made = converted(old(kind, spec))
    assert made["metadata"]["annotations"] == {RESOURCES: expected}
    assert made["spec"] == {}


def test_bundles_become_references_through_the_resolver() -> None:
    def params(kind: str) -> list[dict[str, str]]:
        return [
            {"name": "bundle", "value": "r/i"},
            {"name": "name", "value": "t"},
            {"name": "kind", "value": kind},
        ]

    made = converted(old("TaskRun", {"taskRef": {"name": "t", "bundle": "r/i", "kind": "Task"}}))
    assert made["spec"]["taskRef"] == {"kind": "Task", "resolver": "bundles", "params": params("Task")}
    made = converted(old("PipelineRun", {"pipelineRef": {"name": "t", "bundle": "r/i"}}))
    assert made["spec"]["pipelineRef"] == {"resolver": "bundles", "params": params("Pipeline")}
    made = converted(old("TaskRun", {"taskRef": {"name": "t", "bundle": ""}}))
    assert made["spec"]["taskRef"] == {"name": "t"}


def test_fields_of_pipeline_runs_move_into_the_template() -> None:
    spec = {
        "serviceAccountName": "sa",
        "podTemplate": {"schedulerName": "s"},
        "timeout": "5m",
        "managedBy": "me",
        "taskRunSpecs": [
            {
                "pipelineTaskName": "a",
                "taskServiceAccountName": "b",
                "taskPodTemplate": {"hostNetwork": True},
                "stepOverrides": [{"name": "s", "resources": {"requests": {"cpu": "1"}}}],
                "sidecarOverrides": [{"name": "c", "resources": {}}],
            }
        ],
    }
    assert converted(old("PipelineRun", spec))["spec"] == {
        "taskRunSpecs": [
            {
                "pipelineTaskName": "a",
                "serviceAccountName": "b",
                "podTemplate": {"hostNetwork": True},
                "stepSpecs": [{"name": "s", "computeResources": {"requests": {"cpu": "1"}}}],
                "sidecarSpecs": [{"name": "c", "computeResources": {}}],
            }
        ],
        "timeouts": {"pipeline": "5m"},
        "taskRunTemplate": {"podTemplate": {"schedulerName": "s"}, "serviceAccountName": "sa"},
    }


@pytest.mark.parametrize(
    ("matrix", "kept"),
    [
        ({"params": [{"name": "p", "value": ["a"]}]}, True),
        ({"include": [{"name": "i", "params": [{"name": "p", "value": "a"}]}]}, True),
        ({"include": [{"name": "i"}]}, False),
        ({"params": []}, False),
    ],
)
def test_a_matrix_without_params_is_none(matrix: dict[str, Any], kept: bool) -> None:
    made = converted(old("Pipeline", {"tasks": [{"name": "a", "matrix": matrix}]}))
    assert ("matrix" in made["spec"]["tasks"][0]) == kept


def test_the_status_of_a_task_run() -> None:
    state = {
        "name": "s",
        "terminated": {"exitCode": 1, "reason": "Error"},
        "provenance": {"configSource": {"uri": "u"}},
    }
    status = {
        "podName": "p",
        "steps": [state, {"name": "t"}],
        "taskResults": [{"name": "r", "value": "v"}],
        "cloudEvents": [{"target": "t", "status": {"message": "m"}}],
        "resourcesResult": [{"key": "k", "value": "v"}],
        "retriesStatus": [{"podName": "q", "taskResults": [{"name": "r", "value": "w"}]}],
        "taskSpec": {
            "resources": {"inputs": [{"name": "g", "type": "git"}]},
            "steps": [{"name": "s", "image": "i"}],
        },
        "provenance": {"refSource": {"uri": "u"}, "configSource": {"uri": "u"}},
    }
    made = converted(old("TaskRun", {}, status=status))
    assert made["status"] == {
        "podName": "p",
        "steps": [
            {"name": "s", "terminated": state["terminated"], "provenance": {}, "terminationReason": "Error"},
            {"name": "t"},
        ],
        "results": [{"name": "r", "value": "v"}],
        "retriesStatus": [{"podName": "q", "results": [{"name": "r", "value": "w"}]}],
        "taskSpec": {"steps": [{"name": "s", "image": "i"}]},
        "provenance": {"refSource": {"uri": "u"}},
    }
    assert set(made["metadata"]["annotations"]) == {
        "tekton.dev/v1beta1CloudEvents",
        "tekton.dev/v1beta1ResourcesResult",
        "tekton.dev/v1beta1ResourcesStatus",
    }


def test_the_status_of_a_pipeline_run() -> None:
    status = {
        "pipelineResults": [{"name": "r", "value": "v"}],
        "pipelineSpec": {"params": [{"name": "p"}]},
        "provenance": {"configSource": {"uri": "u"}},
        "taskRuns": {"b": {"pipelineTaskName": "t", "status": {"podName": "p"}}, "a": {}},
        "runs": {"c": {"whenExpressions": [{"input": "x", "operator": "in", "values": ["x"]}]}},
    }
    made = converted(old("PipelineRun", {}, status=status))
    assert made["status"] == {
        "results": [{"name": "r", "value": "v"}],
        "pipelineSpec": {"params": [{"name": "p", "type": "string"}]},
        "provenance": {},
        "childReferences": [
            {"apiVersion": "tekton.dev/v1beta1", "kind": "TaskRun", "name": "a"},
            {"apiVersion": "tekton.dev/v1beta1", "kind": "TaskRun", "name": "b", "pipelineTaskName": "t"},
            {
                "apiVersion": "tekton.dev/v1alpha1",
                "kind": "Run",
                "name": "c",
                "whenExpressions": [{"input": "x", "operator": "in", "values": ["x"]}],
            },
        ],
    }
    assert set(made["metadata"]["annotations"]) == {"tekton.dev/v1beta1TaskRuns", "tekton.dev/v1beta1Runs"}


def test_references_to_children_win_over_the_old_maps() -> None:
    children = [{"apiVersion": V1, "kind": "TaskRun", "name": "z"}]
    made = converted(old("PipelineRun", {}, status={"childReferences": children, "taskRuns": {"a": {}}}))
    assert made["status"]["childReferences"] == children
