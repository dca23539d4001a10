"""Conditions whose outcome is known before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.tekton.lint.documents import found, made, pipeline, task


def when(input_: str, operator: str, *values: str) -> dict[str, Any]:
    return {"input": input_, "operator": operator, "values": list(values)}


def outcome(*conditions: dict[str, Any], final: bool = False, **spec: Any) -> str:
    node = {"name": "t", "taskRef": {"name": "x"}, "when": list(conditions)}
    other = {"name": "a", "taskRef": {"name": "x"}}
    made_ = pipeline(other, **({"finally": [node]} if final else {}), **spec)
    if not final:
        made_["spec"]["tasks"].append(node)
    never, always = found("T605", made_), found("T807", made_)
    assert not (never and always)
    return "never" if never else "always" if always else "open"


ENUM = {"params": [{"name": "env", "enum": ["dev", "prod"]}, {"name": "free", "default": "dev"}]}
SPACES = {"workspaces": [{"name": "must"}, {"name": "may", "optional": True}]}


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        (when("a", "in", "a", "b"), "always"),
        (when("a", "in", "b"), "never"),
        (when("a", "notin", "b"), "always"),
        (when("a", "notin", "a", "b"), "never"),
        (when("a", "in", "$(params.free)"), "open"),
        (when("a", "in", "a", "$(params.free)"), "open"),
        (when("$(params.free)", "in", "dev"), "open"),
        (when("x$(params.env)", "in", "dev"), "open"),
        (when("$(params.env)", "in", "test"), "never"),
        (when("$(params.env)", "in", "dev"), "open"),
        (when("$(params.env)", "in", "dev", "prod", "x"), "always"),
        (when("$(params.env)", "notin", "test"), "always"),
        (when("$(params.env)", "notin", "dev", "prod"), "never"),
        (when("$(params.env)", "in", "$(params.env)"), "open"),
        (when("test", "in", "$(params.env)"), "never"),
        (when("dev", "in", "$(params.env)"), "open"),
        (when("$(tasks.a.results.r)", "in", "x"), "open"),
        (when("$(workspaces.must.bound)", "in", "false"), "never"),
        (when("$(workspaces.must.bound)", "in", "true"), "always"),
        (when("$(workspaces.may.bound)", "in", "true"), "open"),
        (when("$(workspaces.may.bound)", "in", "yes"), "never"),
        ({"cel": "'a' == 'b'"}, "never"),
        ({"cel": "'a' == \"a\""}, "always"),
        ({"cel": "'a' != 'b'"}, "always"),
        ({"cel": "false"}, "never"),
        ({"cel": "true"}, "always"),
        ({"cel": "'$(params.free)' == 'b'"}, "open"),
        ({"cel": "size('a') == 1"}, "open"),
    ],
)
def test_what_is_known_of_one_condition(condition: dict[str, Any], known: str) -> None:
    assert outcome(condition, **ENUM, **SPACES) == known


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        (when("$(tasks.a.status)", "in", "Succeded"), "never"),
        (when("$(tasks.a.status)", "in", "Succeeded"), "open"),
        (when("$(tasks.a.status)", "notin", "Completed"), "always"),
        (when("$(tasks.status)", "in", "Completed"), "open"),
        (when("$(tasks.status)", "in", "Cancelled"), "never"),
    ],
)
def test_the_status_of_tasks(condition: dict[str, Any], known: str) -> None:
    assert outcome(condition, final=True) == known


def test_the_values_of_a_run_are_known_for_its_own_pipeline() -> None:
    spec = {
        "params": [{"name": "env"}, {"name": "left", "default": "x"}],
        "tasks": [{"name": "t", "taskRef": {"name": "x"}, "when": [when("$(params.env)", "in", "prod")]}],
    }

    def run(value: Any) -> dict[str, Any]:
        return made("PipelineRun", {"params": [{"name": "env", "value": value}], "pipelineSpec": spec})

    [never] = found("T605", run("dev"))
    assert never.hint == "$(params.env) is dev"
    assert found("T605", run("prod")) == found("T807", run("prod")) == []
    assert found("T605", run(["dev"])) == []
    spec["tasks"][0]["when"] = [when("$(params.left)", "in", "prod")]
    assert len(found("T605", run("dev"))) == 1
    assert found("T605", made("Pipeline", spec)) == []


@pytest.mark.parametrize(
    ("conditions", "index"),
    [
        ([when("$(params.x)", "in", "a"), when("$(params.x)", "in", "b")], 1),
        (
            [
                when("$(params.x)", "in", "a", "b"),
                when("$(params.x)", "notin", "a"),
                when("$(params.x)", "notin", "b"),
            ],
            2,
        ),
        ([when("$(params.x)", "notin", "a"), when("$(params.x)", "in", "a")], 1),
        ([when("$(params.x)", "in", "a", "b"), when("$(params.x)", "in", "b")], None),
        ([when("$(params.x)", "in", "a"), when("$(params.y)", "in", "b")], None),
        ([when("$(params.x)", "in", "$(params.y)"), when("$(params.x)", "in", "b")], None),
        ([when("$(params.x)", "notin", "a"), when("$(params.x)", "notin", "b")], None),
    ],
)
def test_conditions_that_exclude_each_other(conditions: list[dict[str, Any]], index: int | None) -> None:
    node = {"name": "t", "taskRef": {"name": "x"}, "when": conditions}
    findings = found("T605", pipeline(node, params=[{"name": "x"}, {"name": "y"}]))
    assert [finding.place.path[-1] for finding in findings] == ([] if index is None else [index])


def test_steps_have_conditions_too() -> None:
    step = {"name": "s", "script": "x", "when": [when("$(params.env)", "in", "test")]}
    [never] = found("T605", task(step, params=[{"name": "env", "enum": ["dev"]}]))
    assert never.message == 'this condition can never hold, so step "s" never runs'
    assert found("T605", task({**step, "when": [when("$(steps.a.results.r)", "in", "x")]})) == []


def test_an_operator_that_does_not_exist_is_left_to_validation() -> None:
    assert outcome(when("a", "equals", "b")) == "open"
    assert outcome({"input": "a", "operator": "in"}) == "open"
