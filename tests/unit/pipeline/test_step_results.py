from __future__ import annotations

import pytest
from holkas.model.step import Env, Step
from holkas.model.when import When
from holkas.pipeline.step_results import MissingStepResultError, apply_step_artifacts, apply_step_results

RESULTS = {"one": {"text": "$(steps.one.results.list[0])", "list": ("a", "b"), "obj": {"k": "v"}}}


def test_places() -> None:
    step = Step(
        command=("echo", "$(steps.one.results.text)"),
        args=("$(steps.one.results.list[*])", "<$(steps.one.results.list[1])$(steps.one.results.obj.k)>"),
        env=(Env(name="E", value="$(steps.one.results.obj.k)"), Env(name="F", value="f")),
        when=(
            When(input="$(steps.one.results.obj.k)", operator="in", values=("$(steps.one.results.list[*])",)),
        ),
        script="echo $(steps.one.results.text)",
        working_dir="/$(steps.one.results.text)",
    )
    out = apply_step_results(step, RESULTS)
    assert out.command == ("echo", "$(steps.one.results.list[0])")
    assert out.args == ("a", "b", "<bv>")
    assert out.env == (Env(name="E", value="v"), Env(name="F", value="f"))
    assert out.when == (When(input="v", operator="in", values=("a", "b")),)
    assert (out.script, out.working_dir) == (step.script, step.working_dir)


def test_a_step_without_such_references_is_returned_itself() -> None:
    step = Step(args=("$(steps.step-one.exitCode.path)", "$(params.x)"), script="$(steps.one.results.text)")
    assert apply_step_results(step, RESULTS) is step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<$(steps.one.results.list)>", "<>"),
        ("<$(steps.one.results.text.k)>", "<>"),
        ("<$(steps.one.results.obj.other)>", "<>"),
    ],
)
def test_a_result_of_another_type_is_empty(text: str, expected: str) -> None:
    assert apply_step_results(Step(args=(text,)), RESULTS).args == (expected,)


@pytest.mark.parametrize(
    "text",
    ["$(steps.two.results.text)", "$(steps.one.results.nope)", "$(steps.one.results.list[2])"],
)
def test_missing_results(text: str) -> None:
    with pytest.raises(MissingStepResultError, match="steps"):
        apply_step_results(Step(env=(Env(name="E", value=text),)), RESULTS)


def test_artifacts() -> None:
    image = {"name": "image", "values": [{"digest": {"sha256": "ab"}, "uri": "pkg:x"}]}
    other = {"name": "other", "values": []}
    step = Step(
        args=("$(steps.one.outputs.image)",),
        env=(Env(name="E", value="$(steps.one.outputs)"),),
        script="$(steps.one.outputs.other) $(steps.one.inputs)",
    )
    text = '[{"digest":{"sha256":"ab"},"uri":"pkg:x"}]'
    out = apply_step_artifacts(step, {"one": ((), (image, other))})
    assert out.args == (text,)
    assert out.env[0].value == text
    assert out.script == "[] $(steps.one.inputs)"
    assert apply_step_artifacts(step, {}) is step
