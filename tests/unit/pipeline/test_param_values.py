from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec
from holkas.model.value import Value, ValueType
from holkas.pipeline.param_values import (
    ParamResolutionError,
    admitted_params,
    effective_params,
    param_replacements,
    pipeline_param_replacements,
    task_param_replacements,
)
from holkas.pipeline.substitution import substitute, substitute_list
from hypothesis import given
from hypothesis import strategies as st


def spec(name: str, default: Value | None = None) -> ParamSpec:
    kind = ValueType.STRING if default is None or isinstance(default, str) else ValueType.ARRAY
    if isinstance(default, dict):
        kind = ValueType.OBJECT
    return ParamSpec(name=name, type=kind, default=default)


def params(**values: Value) -> list[Param]:
    return [Param(name=name, value=value) for name, value in values.items()]


def effective(specs: list[ParamSpec], **given: Value) -> dict[str, Value]:
    return {param.name: param.value for param in effective_params(specs, params(**given))}


@pytest.mark.parametrize("spelling", ["params.x", 'params["x"]', "params['x']"])
def test_three_notations(spelling: str) -> None:
    text = param_replacements(params(x="v"))
    array = param_replacements(params(x=("a", "b")))
    assert substitute(f"<$({spelling})>", text) == "<v>"
    assert substitute(f"$({spelling}[1])$({spelling}[2])", array) == f"b$({spelling}[2])"
    assert substitute_list([f"$({spelling}[*])"], array) == ["a", "b"]


def test_keys_of_objects() -> None:
    replacements = param_replacements(params(x={"k": "v", "a.b": "w"}))
    assert (
        substitute("$(params.x.k) $(params.x.a.b) $(params['x'].k)", replacements) == "v w $(params['x'].k)"
    )


def test_legacy_notation_in_tasks_only() -> None:
    assert substitute("$(inputs.params.x)", task_param_replacements([], params(x="v"))) == "v"
    replacements = pipeline_param_replacements([], params(x="v"))
    assert substitute("$(inputs.params.x)", replacements) == "$(inputs.params.x)"


def test_given_defaults_and_undeclared_params_of_a_pipeline() -> None:
    assert effective([spec("a", "1"), spec("b", "2"), spec("c")], b="given", extra="e") == {
        "a": "1",
        "b": "given",
        "extra": "e",
    }


def test_pipeline_defaults_refer_to_each_other_in_any_order() -> None:
    specs = [
        spec("url", "$(params.registry)/app:$(params.tag)"),
        spec("registry", "$(params.base)/org"),
        spec("base", "docker.io"),
        spec("args", ("IMAGE=$(params.url)", "x")),
        spec("cfg", {"image": "$(params.url)"}),
    ]
    values = effective(specs, tag="v1", base="quay.io")
    assert values["url"] == "quay.io/org/app:v1"
    assert values["args"] == ("IMAGE=quay.io/org/app:v1", "x")
    assert values["cfg"] == {"image": "quay.io/org/app:v1"}


def test_given_values_are_not_expanded() -> None:
    assert effective([spec("a", "x"), spec("b", "$(params.c)")], c="$(params.a)") == {
        "a": "x",
        "b": "$(params.a)",
        "c": "$(params.a)",
    }


def test_other_variables_and_bracket_notation_in_a_default_stay() -> None:
    assert effective([spec("a", "$(context.pipelineRun.name) $(params['b'])"), spec("b", "x")])["a"] == (
        "$(context.pipelineRun.name) $(params['b'])"
    )


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        ([spec("a", "$(params.nope)")], 'param "params.a" references undefined param "params.nope"'),
        ([spec("a", "$(params.l[0])"), spec("l", ("x",))], 'references undefined param "params.l[0]"'),
        (
            [spec("a", "$(params.b)"), spec("b", "$(params.a)")],
            'circular dependency detected in param "params.a"',
        ),
        (
            [spec(f"p{i}", f"$(params.p{i + 1})") for i in range(12)] + [spec("p12", "end")],
            'maximum recursion depth (10) exceeded for param "params.p11"',
        ),
    ],
)
def test_defaults_that_cannot_be_worked_out(specs: list[ParamSpec], message: str) -> None:
    with pytest.raises(ParamResolutionError, match=r"^parameter resolution failed: ") as caught:
        effective_params(specs, [])
    assert message in str(caught.value)


def test_an_index_into_a_given_array_may_be_used_in_a_default() -> None:
    assert effective([spec("a", "$(params.l[1])")], l=("x", "y"))["a"] == "y"


def test_task_defaults_see_defaults_only() -> None:
    replacements = task_param_replacements(
        [spec("a", "default"), spec("b", "<$(params.a)>")], params(a="given")
    )
    assert substitute("$(params.a) $(params.b)", replacements) == "given <default>"


def test_task_default_with_an_unknown_reference_has_no_value() -> None:
    replacements = task_param_replacements([spec("b", "<$(params.a)>")], params(a="given"))
    assert substitute("$(params.b)", replacements) == "$(params.b)"


def test_of_several_references_in_a_task_default_the_last_known_one_counts() -> None:
    specs = [spec("a", "1"), spec("b", "2"), spec("c", "$(params.a)-$(params.b)")]
    assert substitute("$(params.c)", task_param_replacements(specs, [])) == "$(params.a)-2"


def test_keys_missing_in_a_task_are_taken_from_the_default() -> None:
    replacements = task_param_replacements([spec("o", {"a": "1", "b": "2"})], params(o={"a": "given"}))
    assert substitute("$(params.o.a) $(params.o.b)", replacements) == "given 2"
    assert replacements.objects.get("params.o") == {"a": "given", "b": "2"}


def test_keys_missing_in_a_pipeline_are_not() -> None:
    replacements = pipeline_param_replacements([spec("o", {"a": "1", "b": "2"})], params(o={"a": "given"}))
    assert substitute("$(params.o.a) $(params.o.b)", replacements) == "given $(params.o.b)"


def test_admission_of_an_embedded_spec_writes_defaults_over_objects() -> None:
    specs = [spec("o", {"a": "1", "b": "2"}), spec("s", "x")]
    admitted = admitted_params(specs, params(o={"a": "given", "c": "3"}, s="given", u={"k": "v"}))
    assert {param.name: param.value for param in admitted} == {
        "o": {"a": "1", "b": "2", "c": "3"},
        "s": "given",
        "u": {"k": "v"},
    }


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.text()), st.dictionaries(NAMES, st.text(alphabet="xyz")))
def test_every_param_has_one_value(given_values: dict[str, str], defaults: dict[str, str]) -> None:
    values = effective([spec(name, text) for name, text in defaults.items()], **given_values)
    assert values == {**defaults, **given_values}
