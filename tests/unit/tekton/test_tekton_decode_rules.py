"""Reading documents strictly: what is refused, where, and with which advice."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.finding import Severity
from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.codes import CODES
from holkas_compat.tekton.decode import decode, decode_as
from holkas_compat.tekton.schema.common import WORKSPACE_BINDING
from holkas_compat.tekton.schema.kinds import KINDS
from hypothesis import given, settings
from hypothesis import strategies as st


def document(kind: str = "Task", version: str = "v1", **parts: Any) -> dict[str, Any]:
    return {"apiVersion": f"tekton.dev/{version}", "kind": kind, "metadata": {"name": "x"}, **parts}


def task(**spec: Any) -> dict[str, Any]:
    return document(spec={"steps": [{"image": "busybox"}], **spec})


def only_problem(value: Any) -> Problem:
    problems = decode(value).problems
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize("value", [None, [], "text", 3, True])
def test_a_document_must_be_a_mapping(value: Any) -> None:
    decoded = decode(value)
    assert [problem.code for problem in decoded.problems] == ["T001"]
    assert decoded.object is None
    assert not decoded.accepted


@pytest.mark.parametrize(
    ("kind", "version", "code", "hint"),
    [
        ("Tasc", "tekton.dev/v1", "T002", "did you mean `Task`?"),
        ("task", "tekton.dev/v1", "T002", "did you mean `Task`?"),
        ("ClusterTask", "tekton.dev/v1beta1", "T002", "cluster resolver"),
        ("Deployment", "apps/v1", "T002", ""),
        ("", "tekton.dev/v1", "T002", ""),
        ("Task", "", "T003", "write tekton.dev/v1"),
        ("Task", "tekton.dev/v2", "T003", "write tekton.dev/v1"),
        ("Task", "example.com/v1", "T003", "write tekton.dev/v1"),
        ("StepAction", "tekton.dev/v1", "T003", "write tekton.dev/v1beta1"),
    ],
)
def test_kinds_that_do_not_exist(kind: str, version: str, code: str, hint: str) -> None:
    problem = only_problem({"kind": kind, "apiVersion": version})
    assert problem.code == code
    assert hint in problem.hint


def test_every_kind_is_read() -> None:
    for kind, version in KINDS:
        decoded = decode({"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": {}})
        assert decoded.accepted, (kind, version)
        assert (decoded.kind, decoded.api_version) == (kind, version)


def test_an_unknown_field_is_refused_with_the_nearest_known_name() -> None:
    problem = only_problem(document(spec={"step": []}))
    assert (problem.code, problem.path, problem.on_key) == ("T010", ("spec", "step"), True)
    assert problem.hint == "did you mean `steps`?"
    assert problem.fields == ("spec.step",)


def test_an_unknown_field_far_from_any_name_has_no_hint() -> None:
    assert only_problem(task(zzz=1)).hint == ""


def test_metadata_may_have_fields_that_only_kubernetes_knows() -> None:
    value = task()
    value["metadata"]["novel"] = {"deep": [1]}
    decoded = decode(value)
    assert decoded.problems == []
    assert decoded.object is not None
    assert decoded.object["metadata"]["novel"] == {"deep": [1]}


def test_metadata_of_an_inline_task_may_not() -> None:
    tasks = [{"name": "a", "taskSpec": {"metadata": {"name": "no"}, "steps": []}}]
    problem = only_problem(document("Pipeline", spec={"tasks": tasks}))
    assert problem.path == ("spec", "tasks", 0, "taskSpec", "metadata", "name")


def test_labels_must_be_texts_all_the_same() -> None:
    value = task()
    value["metadata"]["labels"] = {"a": 1}
    assert only_problem(value).path == ("metadata", "labels", "a")


@pytest.mark.parametrize(
    ("spec", "path", "message", "hint"),
    [
        ({"description": 5}, ("description",), "expected a string, got the number 5", "put quotes around it"),
        ({"description": True}, ("description",), "expected a string, got true", "put quotes around it"),
        ({"steps": {}}, ("steps",), "expected a list, got a mapping", ""),
        ({"steps": ["x"]}, ("steps", 0), 'expected a mapping, got the text "x"', ""),
        ({"steps": [{"image": []}]}, ("steps", 0, "image"), "expected a string, got a list", ""),
        ({"steps": [{"timeout": 5}]}, ("steps", 0, "timeout"), "a duration", "write 5s for seconds"),
        ({"steps": [{"timeout": True}]}, ("steps", 0, "timeout"), "a duration", ""),
        (
            {"params": [{"properties": [1]}]},
            ("params", 0, "properties"),
            "expected a mapping, got a list",
            "",
        ),
        (
            {"workspaces": [{"optional": "yes"}]},
            ("workspaces", 0, "optional"),
            "expected true or false",
            "without quotes",
        ),
    ],
)
def test_wrong_types(spec: dict[str, Any], path: tuple[str | int, ...], message: str, hint: str) -> None:
    problem = only_problem(document(spec=spec))
    assert (problem.code, problem.path) == ("T011", ("spec", *path))
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("value", "code"), [("3", "T011"), (1.5, "T011"), (True, "T011"), (2**63, "T015"), (1e30, "T011")]
)
def test_retries_must_be_an_integer(value: Any, code: str) -> None:
    tasks = [{"name": "a", "retries": value}]
    assert only_problem(document("Pipeline", spec={"tasks": tasks})).code == code


def test_a_float_without_a_fraction_is_an_integer() -> None:
    decoded = decode(document("Pipeline", spec={"tasks": [{"name": "a", "retries": 1e1}]}))
    assert decoded.object is not None
    assert decoded.object["spec"]["tasks"][0]["retries"] == 10


@pytest.mark.parametrize(
    ("port", "code"), [("http", ""), (80, ""), (80.0, ""), (True, "T011"), (2**31, "T015"), ([], "T011")]
)
def test_ports_are_integers_or_names(port: Any, code: str) -> None:
    sidecar = {"name": "s", "readinessProbe": {"tcpSocket": {"port": port}}}
    assert [problem.code for problem in decode(task(sidecars=[sidecar])).problems] == ([code] if code else [])


@pytest.mark.parametrize(
    ("cpu", "code"),
    [("500m", ""), (1, ""), (0.5, ""), (None, ""), ("x", "T013"), (True, "T011"), ([], "T011")],
)
def test_quantities(cpu: Any, code: str) -> None:
    step = {"image": "i", "computeResources": {"requests": {"cpu": cpu}}}
    assert [problem.code for problem in decode(document(spec={"steps": [step]})).problems] == (
        [code] if code else []
    )


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2026-01-02T03:04:05Z", ""),
        ("2026-01-02T03:04:05.123+02:00", ""),
        ("2026-13-02T03:04:05Z", "T014"),
        ("today", "T014"),
        (5, "T011"),
    ],
)
def test_times(time: Any, code: str) -> None:
    run = document("TaskRun", spec={}, status={"startTime": time})
    assert [problem.code for problem in decode(run).problems] == ([code] if code else [])


def test_all_problems_are_reported_in_the_order_of_the_document() -> None:
    value = document(spec={"steps": [{"image": 1, "foo": 2}, {"timeout": "1d"}], "stepz": []})
    assert [problem.path for problem in decode(value).problems] == [
        ("spec", "steps", 0, "image"),
        ("spec", "steps", 0, "foo"),
        ("spec", "steps", 1, "timeout"),
        ("spec", "stepz"),
    ]


def test_names_in_other_letters_are_read_with_a_warning() -> None:
    decoded = decode({"apiVersion": "tekton.dev/v1", "kind": "Task", "Spec": {"STEPS": [{"Image": "i"}]}})
    assert decoded.accepted
    assert decoded.object is not None
    assert decoded.object["spec"] == {"steps": [{"image": "i"}]}
    assert {problem.code for problem in decoded.problems} == {"T016"}
    assert {problem.severity for problem in decoded.problems} == {Severity.WARNING}


def test_kind_in_other_letters() -> None:
    assert decode({"ApiVersion": "tekton.dev/v1", "Kind": "Task", "spec": {}}).kind == "Task"


@pytest.mark.parametrize("order", [("name", "NAME"), ("NAME", "name")])
def test_of_one_name_in_two_spellings_the_last_in_the_alphabet_counts(order: tuple[str, str]) -> None:
    step = {key: key for key in order}
    decoded = decode(document(spec={"steps": [step]}))
    assert decoded.object is not None
    assert decoded.object["spec"]["steps"] == [{"name": "name"}]


def test_nulls_change_nothing_but_in_lists_and_maps() -> None:
    value = document(
        spec={
            "description": None,
            "steps": [None, {"image": "i", "args": ["a", None], "env": None}],
            "params": [{"name": "p", "default": None}],
        }
    )
    value["metadata"]["labels"] = {"a": None}
    decoded = decode(value)
    assert decoded.problems == []
    assert decoded.object is not None
    assert decoded.object["spec"] == {
        "steps": [{}, {"image": "i", "args": ["a", ""]}],
        "params": [{"name": "p"}],
    }
    assert decoded.object["metadata"]["labels"] == {"a": ""}


def test_a_null_value_of_a_param_is_the_empty_text() -> None:
    decoded = decode(document("TaskRun", spec={"params": [{"name": "p", "value": None}]}))
    assert decoded.object is not None
    assert decoded.object["spec"]["params"] == [{"name": "p", "value": ""}]


def test_wrong_items_of_lists_keep_the_places_of_the_others() -> None:
    made, problems = decode_as(
        WORKSPACE_BINDING, {"name": "w", "projected": {"sources": [5, {"secret": {"name": "s"}}]}}
    )
    assert [problem.path for problem in problems] == [("projected", "sources", 0)]
    assert made["projected"]["sources"] == [{}, {"secret": {"name": "s"}}]


def test_a_part_that_is_no_mapping_is_empty() -> None:
    made, problems = decode_as(WORKSPACE_BINDING, [])
    assert made == {}
    assert [problem.code for problem in problems] == ["T011"]
    assert decode_as(WORKSPACE_BINDING, None) == ({}, [])


def test_the_document_is_not_changed_and_custom_specs_keep_everything() -> None:
    custom = {"apiVersion": "e.com/v1", "kind": "K", "spec": {"x": [None, {"y": 1.5}]}}
    value = document("Pipeline", spec={"tasks": [{"name": "a", "taskSpec": custom}]})
    decoded = decode(value)
    assert decoded.object == value
    assert decoded.problems == []


def test_v1beta1_keeps_its_deprecated_fields() -> None:
    step = {"image": "i", "resources": {"limits": {"cpu": 1}}, "tty": True, "ports": [{"containerPort": 80}]}
    spec = {
        "resources": {"inputs": [{"name": "g", "type": "git"}]},
        "steps": [step],
        "stepTemplate": {"name": "n"},
    }
    assert decode(document(version="v1beta1", spec=spec)).problems == []
    assert {problem.path[-1] for problem in decode(document(spec=spec)).problems} == {
        "resources",
        "tty",
        "ports",
        "name",
    }


def test_long_and_odd_values_are_described_shortly() -> None:
    assert "a text" in only_problem(document(spec="x" * 100)).message
    assert "got false" in only_problem(document(spec=False)).message


def test_every_code_is_explained() -> None:
    for code, doc in CODES.items():
        assert code.startswith("T")
        assert doc.title
        assert len(doc.text) > 20


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
_KEYS = st.sampled_from(
    ["name", "steps", "spec", "taskSpec", "tasks", "params", "value", "Image", "timeout", "x", "metadata"]
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.sampled_from(sorted(KINDS)), _VALUES, _VALUES)
def test_bad_input_ends_in_problems(kind: tuple[str, str], metadata: Any, spec: Any) -> None:
    """Never an exception; what was read is read again without any error."""
    decoded = decode({"kind": kind[0], "apiVersion": kind[1], "metadata": metadata, "spec": spec})
    assert decoded.object is not None
    assert decode(decoded.object).accepted
    for problem in decoded.problems:
        assert problem.code in CODES


def test_deep_nesting_is_read() -> None:
    spec: dict[str, Any] = {"tasks": []}
    for _ in range(60):
        spec = {"tasks": [{"name": "a", "pipelineSpec": spec}]}
    assert decode(document("Pipeline", spec=spec)).problems == []
