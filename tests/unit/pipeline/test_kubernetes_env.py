from __future__ import annotations

import pytest
from holkas.pipeline.kubernetes_env import expand, expand_all, expand_environment
from hypothesis import given
from hypothesis import strategies as st

VARIABLES = {"A": "1", "B": "$(A)", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$(A)", "1"),
        ("x$(A)$(A)y", "x11y"),
        ("$(B)", "$(A)"),
        ("$(EMPTY)", ""),
        ("$(UNKNOWN)", "$(UNKNOWN)"),
        ("$$(A)", "$(A)"),
        ("$$$(A)", "$1"),
        ("$$$$(A)", "$$(A)"),
        ("$A ${A} $", "$A ${A} $"),
        ("$$", "$"),
        ("$(A", "$(A"),
        ("$()", "$()"),
        ("$", "$"),
        ("$($(A))", "$($(A))"),
    ],
)
def test_expansion(text: str, expected: str) -> None:
    assert expand(text, VARIABLES) == expected


def test_arguments_stay_one_each() -> None:
    assert expand_all(["$(A)", "b c"], {"A": "x y"}) == ("x y", "b c")


def test_an_entry_sees_those_before_it() -> None:
    entries = [("LATE", "$(C)"), ("C", "<$(A)>"), ("A", "2"), ("D", "$(C)$(A)")]
    assert expand_environment(entries) == {"LATE": "$(C)", "C": "<$(A)>", "A": "2", "D": "<$(A)>2"}


def test_variables_of_env_from_are_replaced_but_not_seen() -> None:
    entries = [("A", "own"), ("B", "$(BASE)")]
    assert expand_environment(entries, {"BASE": "b$$", "A": "1"}) == {
        "BASE": "b$$",
        "A": "own",
        "B": "$(BASE)",
    }


def test_values_from_elsewhere_are_not_expanded() -> None:
    entries = [("USER", "u"), ("PASSWORD", "a$$b$(USER)"), ("URL", "$(USER):$(PASSWORD)")]
    assert expand_environment(entries, taken={"PASSWORD"}) == {
        "USER": "u",
        "PASSWORD": "a$$b$(USER)",
        "URL": "u:a$$b$(USER)",
    }


@given(st.text())
def test_doubled_dollars_come_out_as_they_went_in(text: str) -> None:
    assert expand(text.replace("$", "$$"), {"A": "1"}) == text


@given(st.text(alphabet="$()AB ", max_size=20), st.dictionaries(st.sampled_from(["A", "B"]), st.text()))
def test_texts_without_dollar_are_untouched(text: str, variables: dict[str, str]) -> None:
    plain = text.replace("$", "")
    assert expand(plain, variables) == plain
    assert expand("$(A)", {**variables, "A": text}) == text
