"""Lists line up on any terminal, whatever stands in a cell."""

from __future__ import annotations

import json

import pytest
from holkas.cli.render.table import emit, emit_one, table, width
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = [("name", lambda item: item["name"]), ("size", lambda item: item["size"])]
ITEMS = [{"name": "a", "size": 1}, {"name": "longer", "size": 23}]


def test_columns_line_up(capsys):
    emit(ITEMS, COLUMNS, "table", kind="ThingList")
    assert capsys.readouterr().out == "NAME    SIZE\na       1\nlonger  23\n"


def test_other_forms(capsys):
    emit(ITEMS, COLUMNS, "name", kind="ThingList")
    assert capsys.readouterr().out == "a\nlonger\n"
    emit(ITEMS, COLUMNS, "json", kind="ThingList")
    assert json.loads(capsys.readouterr().out) == {
        "apiVersion": "holkas/v1",
        "kind": "ThingList",
        "items": ITEMS,
    }
    emit(ITEMS[:1], COLUMNS, "yaml", kind="ThingList")
    assert capsys.readouterr().out.startswith("apiVersion: holkas/v1\nkind: ThingList\nitems:\n- name: a\n")


def test_an_empty_list_has_its_headings_and_no_names(capsys):
    emit([], COLUMNS, "table", kind="ThingList")
    assert capsys.readouterr().out == "NAME  SIZE\n"
    emit([], COLUMNS, "name", kind="ThingList")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("table", "for people\n"),
        ("name", "a\n"),
        ("yaml", "apiVersion: holkas/v1\nkind: Thing\nname: a\nsize: 1\n"),
    ],
)
def test_one_thing(capsys, output, expected):
    emit_one(ITEMS[0], output, kind="Thing", text=lambda item: "for people")
    assert capsys.readouterr().out == expected


def test_wide_characters_take_two_columns():
    assert [width(text) for text in ("ab", "日本", "é", "é", "")] == [2, 4, 1, 1, 0]
    lines = table(["a", "b"], [["日本", "x"], ["ab", "y"]]).splitlines()
    assert lines == ["A     B", "日本  x", "ab    y"]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_each_row_is_one_line_without_control_characters(rows):
    lines = table(["first", "second"], rows).split("\n")
    assert len(lines) == len(rows) + 1
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for line in lines for char in line)
