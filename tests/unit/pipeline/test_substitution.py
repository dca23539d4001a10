from __future__ import annotations

import pytest
from holkas.pipeline.substitution import (
    Replacements,
    substitute,
    substitute_list,
    substitute_value,
    whole_array,
)
from hypothesis import given
from hypothesis import strategies as st

VALUES = Replacements(
    {"params.q": "Q", "params.dollar": "$(params.q)", 'params["a.b"]': "dotted", "params.empty": ""},
    {"params.list": ("one", "two"), "params['list']": ("one", "two"), "params.none": ()},
    {"params.obj": {"k": "v"}},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain $ text ${X} $(date)", "plain $ text ${X} $(date)"),
        ("<$(params.q)>", "<Q>"),
        ("$$(params.q)", "$Q"),
        ("$(params.q)$(params.q)", "QQ"),
        ("$(params.dollar)", "$(params.q)"),
        ('$(params["a.b"])', "dotted"),
        ("a$(params.empty)b", "ab"),
        ("$($(params.q))", "$(Q)"),
        ("$(params.q", "$(params.q"),
        ("$(params.list)", "$(params.list)"),
        ("x $(params.unknown) $(params.q)", "x $(params.unknown) Q"),
        ("$(params.q )", "$(params.q )"),
    ],
)
def test_text(text: str, expected: str) -> None:
    assert substitute(text, VALUES) == expected


def test_whole_array_is_spliced_among_other_items() -> None:
    items = ["a", "$(params.list[*])", "$(params.list)", "x$(params.list)", "$(params.none)", "$(params.q)"]
    assert substitute_list(items, VALUES) == ["a", "one", "two", "one", "two", "x$(params.list)", "Q"]


def test_whole_array_only_of_one_reference() -> None:
    assert whole_array("$(params.list[*])", VALUES) == ("one", "two")
    assert whole_array("$(params.list[*]) ", VALUES) is None
    assert whole_array("$(params.q)", VALUES) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$(params.list[*])", ("one", "two")),
        ("$(params.list)", ("one", "two")),
        ("$(params['list'][*])", "$(params['list'][*])"),
        ("$(params.obj[*])", {"k": "v"}),
        ("$(params.obj[*]) and more", "$(params.obj[*]) and more"),
        ("$(params.q)", "Q"),
        ("$(params.q[*])", "$(params.q[*])"),
        (("$(params.list[*])", "$(params.q)"), ("one", "two", "Q")),
        ({"$(params.q)": "$(params.q)"}, {"$(params.q)": "Q"}),
        ({"k": "$(params.list[*])"}, {"k": "$(params.list[*])"}),
    ],
)
def test_value(value: object, expected: object) -> None:
    assert substitute_value(value, VALUES) == expected


@pytest.mark.parametrize("value", ["text", ("a", "b"), {"k": "v"}])
def test_value_without_variables_is_returned_itself(value: object) -> None:
    assert substitute_value(value, VALUES) is value


NAMES = st.sampled_from(["a", "b", "ab", "a.b"])
TEXT = st.text(alphabet="ab.$() ", max_size=30)


@given(TEXT, st.dictionaries(NAMES, TEXT, max_size=4))
def test_one_pass_from_left_to_right(text: str, strings: dict[str, str]) -> None:
    out, at = "", 0
    while at < len(text):
        for key, value in strings.items():
            if text.startswith(f"$({key})", at):
                out, at = out + value, at + len(key) + 3
                break
        else:
            out, at = out + text[at], at + 1
    assert substitute(text, Replacements(strings)) == out


@given(st.lists(TEXT), st.dictionaries(NAMES, st.lists(TEXT, max_size=3)))
def test_lists_keep_their_order(items: list[str], arrays: dict[str, list[str]]) -> None:
    replacements = Replacements({}, arrays)
    parts = [substitute_list([item], replacements) for item in items]
    assert substitute_list(items, replacements) == [each for part in parts for each in part]
