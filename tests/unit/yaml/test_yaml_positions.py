"""Where findings are shown."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.finding import Place
from holkas.yaml import Source, locate
from hypothesis import given
from hypothesis import strategies as st

TEXT = """\
apiVersion: v1
---
spec:
  steps:
  - name: a
    script: |
      echo hi
      echo $(params.x)
    "k ey": 'it''s $(b)'
  empty:
  flow: {a: [1, 22], b: 'x
    y'}
base: &b {x: 1}
m:
  <<: *b
  1: one
  again: *b
"""


def caret(text: str | bytes, *path: str | int, **options: Any) -> tuple[str, str]:
    """The line that is shown and what is underlined in it."""
    source = Source("f.yaml", text if isinstance(text, bytes) else text.encode())
    position = locate(source, Place(source="f.yaml", path=path, **options))
    assert position.length >= 1
    start = position.column - 1
    return f"{position.line}:{position.excerpt}", position.excerpt[start : start + position.length]


@pytest.fixture(params=["c", "pure"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr("holkas.yaml.events.c_parser", lambda text: None)


@pytest.mark.parametrize(
    ("path", "options", "line", "underlined"),
    [
        (("spec", "steps", 0, "name"), {}, "5:  - name: a", "a"),
        (("spec", "steps", 0, "name"), {"on_key": True}, "5:  - name: a", "name"),
        (("spec", "steps", 0, "name"), {"on_key": True, "within": "am"}, "5:  - name: a", "am"),
        (("spec", "steps", 0, "script"), {}, "6:    script: |", "|"),
        (
            ("spec", "steps", 0, "script"),
            {"within": "$(params.x)"},
            "8:      echo $(params.x)",
            "$(params.x)",
        ),
        (("spec", "steps", 0, "script"), {"within": "absent"}, "6:    script: |", "|"),
        (("spec", "steps", 0, "k ey"), {"within": "$(b)"}, "9:    \"k ey\": 'it''s $(b)'", "$(b)"),
        (("spec", "steps", 0, "k ey"), {"on_key": True}, "9:    \"k ey\": 'it''s $(b)'", '"k ey"'),
        (("spec", "steps"), {}, "4:  steps:", "steps"),
        (("spec", "steps", 0), {}, "5:  - name: a", "n"),
        (("spec", "empty"), {}, "10:  empty:", "empty"),
        (("spec", "flow"), {}, "11:  flow: {a: [1, 22], b: 'x", "{a: [1, 22], b: 'x"),
        (("spec", "flow", "a", 1), {}, "11:  flow: {a: [1, 22], b: 'x", "22"),
        (("spec", "flow", "a", 2), {}, "11:  flow: {a: [1, 22], b: 'x", "a"),
        (("spec", "flow", "b"), {"within": "y"}, "12:    y'}", "y"),
        (("spec", "steps", 7, "name"), {}, "4:  steps:", "steps"),
        (("spec", "steps", 0, "name", "deeper", 1), {}, "5:  - name: a", "name"),
        (("m", "x"), {}, "15:  <<: *b", "<<"),
        (("m", "1"), {}, "16:  1: one", "one"),
        (("m", "again", "x"), {}, "17:  again: *b", "again"),
        (("nothing",), {}, "3:spec:", "s"),
        ((), {}, "3:spec:", "s"),
    ],
)
def test_places(path: tuple[str | int, ...], options: dict[str, Any], line: str, underlined: str) -> None:
    assert caret(TEXT, *path, document=1, **options) == (line, underlined)


def test_given_lines_and_columns_are_used() -> None:
    assert caret("a: 1\r\nbcd: 2\n", line=2, column=2, within="cd") == ("2:bcd: 2", "cd")
    assert caret("a: 1\nb", line=9, column=9) == ("2:b", "")


def test_lines_are_counted_as_editors_do() -> None:
    assert caret('a: 1\rb: 2\r\nc: "x\u2028y"\nd: [e,\n  f]\n', "d", 1) == ("5:  f]", "f")


def test_a_byte_order_mark_is_no_column() -> None:
    assert caret("\ufeffab: 1\n", "ab", on_key=True) == ("1:ab: 1", "ab")


def test_nothing_is_raised_for_bad_texts() -> None:
    assert caret(b"a: \xff\n", "a") == ("1:a: \ufffd", "\ufffd")
    assert caret("a: [\n", "a", "b")[0] == "1:a: ["
    assert caret("", "a") == ("1:", "")
    assert caret("a: 1\n", document=4) == ("1:a: 1", "a")
    assert caret("? [a]\n: 1\n? !!int x\n: 2\nb: 3\n", "b") == ("5:b: 3", "3")
    assert caret("[" * 5000, *[0] * 5000)[0] == "1:" + "[" * 5000


paths = st.lists(st.one_of(st.integers(-2, 3), st.sampled_from(["a", "b", "spec", "m", "<<"])), max_size=4)


@given(st.text(alphabet="ab:-[]{},&*!|>'\"#?% \n\t\r<", max_size=30), paths, st.booleans())
def test_any_text_and_any_path_give_a_position(text: str, path: list[str | int], on_key: bool) -> None:
    source = Source("f.yaml", text.encode())
    position = locate(source, Place(source="f", path=tuple(path), on_key=on_key, within="a"))
    assert position.line >= 1 and position.column >= 1 and position.length >= 1
    assert position.column <= len(position.excerpt) + 1
    assert position.excerpt in text
