"""Expressions that would never end, eat all memory or bring the process down are not given to the library."""

from __future__ import annotations

import pytest
from holkas.pipeline.cel import CelError, evaluate
from holkas.pipeline.cel_bounds import MAX_LENGTH, MAX_OPERATORS, excess, extravagance

NUMBERS = str(list(range(99)))
LOOPS = "may take more than 100000 steps"


@pytest.mark.parametrize(
    "expression",
    [
        "".join(f"{NUMBERS}.map(x{depth}, " for depth in range(9)) + "1" + ")" * 9 + " == 1",
        f"{NUMBERS}. // here\n map // and here\n (x, {NUMBERS}.exists(y, {NUMBERS}.all(z, z > x))) == []",
        "['text']" + "".join(f".map(x{turn}, x{turn} + x{turn})" for turn in range(60)) + ".size() == 1",
        "[[1]]" + "".join(f".map(x{turn}, x{turn} + x{turn})" for turn in range(10**3)) + ".size() == 1",
    ],
    ids=["loops within loops", "hidden by comments", "doubled text", "doubled lists"],
)
def test_an_expression_that_would_never_end(expression: str) -> None:
    with pytest.raises(CelError) as error:
        evaluate(expression)
    assert str(error.value).endswith((LOOPS, f"more than {MAX_OPERATORS}"))
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "expression",
    [
        "1" + " + 1" * 20_000 + " == 1",
        "[1]" + "[0]" * 20_000 + " == 1",
        "{'a': 1}" + ".a" * 20_000 + " == 1",
        "true" + " in true" * 20_000,
        "'" + "x" * MAX_LENGTH + "' == ''",
    ],
    ids=["sums", "indexes", "selectors", "words", "text"],
)
def test_an_expression_that_would_bring_the_process_down(expression: str) -> None:
    with pytest.raises(CelError, match="more than"):
        evaluate(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("['a', 'b', 'c'].exists(x, x == 'b')", True),
        (f"{NUMBERS}.all(x, x + 1 < 100)", True),
        ("[1, 2].map(x, [3, 4].map(y, x + y)).size() == 2", True),
        ("{'a': 1}.all(key, key in ['a'])", True),
        (r"r'\' == '\\'", True),
        ("'''a\n\"b''' == \"\"\"it's\"\"\"", False),
        ("'.map(' == '.map(x, .map(y, .map(' // .map(x, .map(y,", False),
    ],
)
def test_usual_expressions_are_evaluated(expression: str, expected: bool) -> None:
    assert evaluate(expression) is expected


def test_text_does_not_count_and_words_do_only_as_operators() -> None:
    assert excess("'" + "+" * 2000 + "' == '+'") == ""
    assert excess("[" + "a, " * 2000 + "b] == []") == ""
    assert extravagance(f"'{NUMBERS}'.size() > 1") == extravagance(")]}") == ""


@pytest.mark.parametrize("piece", ['"', "'''", 'r"', '"\\', "'''\\", '"a\n', ".a(", "//", "'''a"])
def test_hostile_text_is_read_in_one_go(piece: str) -> None:
    hostile = piece * (MAX_LENGTH // len(piece))
    assert isinstance(excess(hostile) + extravagance(hostile), str)
