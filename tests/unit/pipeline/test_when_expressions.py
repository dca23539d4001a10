from __future__ import annotations

import pytest
from holkas.model.when import When
from holkas.pipeline.cel import CelError, evaluate
from holkas.pipeline.substitution import Replacements
from holkas.pipeline.when import allows, substitute_when
from hypothesis import given
from hypothesis import strategies as st

VALUES = Replacements({"params.x": "X"}, {"params.l": ("a", 'q"')})


def when(input_: str, operator: str, *values: str) -> When:
    return When(input=input_, operator=operator, values=values)


def test_variables() -> None:
    expressions = (
        when("$(params.x)", "in", "$(params.l[*])", "$(params.x)!", "$(params.l)"),
        when("$(params.l[*])", "notin", "z"),
        When(cel="'$(params.x)' == 'X'"),
    )
    assert substitute_when(expressions, VALUES) == (
        when("X", "in", "a", 'q"', "X!", "a", 'q"'),
        when('["a","q\\""]', "notin", "z"),
        When(cel="'X' == 'X'"),
    )


def test_an_array_as_input_is_json_as_go_writes_it() -> None:
    values = Replacements({}, {"params.l": ("a&b", "<ü>")})
    (expression,) = substitute_when((when("$(params.l[*])", "in", "x"),), values)
    assert expression.input == '["a\\u0026b","\\u003cü\\u003e"]'


def test_an_expression_without_variables_is_returned_itself() -> None:
    expression = when("a", "in", "b")
    assert substitute_when((expression,), VALUES)[0] is expression


@pytest.mark.parametrize(
    ("expressions", "verdict"),
    [
        ((), True),
        ((when("a", "in", "a", "b"),), True),
        ((when("a", "in"),), False),
        ((when("a", "notin", "a"),), False),
        ((when("a", "notin", "b"),), True),
        ((when("a", "in", "a"), when("a", "in", "b")), False),
        ((When(cel="'a' == 'a'"), when("a", "in", "a")), True),
        ((When(cel="'a' == 'b'"),), False),
    ],
)
def test_verdict(expressions: tuple[When, ...], verdict: bool) -> None:
    assert allows(expressions) is verdict


def test_own_evaluator() -> None:
    asked: list[str] = []

    def answer(expression: str) -> bool:
        asked.append(expression)
        return False

    assert not allows([When(cel="whatever"), When(cel="not asked")], answer)
    assert asked == ["whatever"]


@pytest.mark.parametrize("expression", ["'a' ==", "unknown == 'a'", "'text'", "1 + 'a'", "", "1/0 == 1"])
def test_expressions_that_give_no_verdict(expression: str) -> None:
    with pytest.raises(CelError):
        evaluate(expression)


def test_cel_with_variables() -> None:
    assert evaluate(
        "branch.startsWith('release/') && size(files) == 2", {"branch": "release/1", "files": ["a", "b"]}
    )


@given(st.text(), st.lists(st.text()))
def test_in_and_notin_are_opposites(text: str, values: list[str]) -> None:
    assert allows([when(text, "in", *values)]) is not allows([when(text, "notin", *values)])
