"""Results and artifacts, read from files that a step was free to make anything of."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from holkas.model.param import Result, ResultSpec
from holkas_builtin.runner.emitted import LARGEST_RESULT, parse_value, read_artifacts, read_results
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain\n", "plain\n"),
        ('["a", "b"]', ["a", "b"]),
        (' {"k": "v"}\n', {"k": "v"}),
        ("[]", []),
        ("[1, 2]", "[1, 2]"),
        ('{"k": 1}', '{"k": 1}'),
        ('["a"', '["a"'),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_only_arrays_and_objects_of_strings_are_structures(text: str, value: object) -> None:
    assert parse_value(text) == value


@given(st.one_of(st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_structures_of_strings_come_back_as_they_were(value: object) -> None:
    assert parse_value(json.dumps(value)) == value


@given(st.text())
def test_any_other_text_stays_the_text(text: str) -> None:
    if text.lstrip()[:1] not in ("[", "{"):
        assert parse_value(text) == text


def test_results_in_the_order_of_their_declaration(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "b").write_bytes(b"\xff\n")
    (tmp_path / "r" / "a").write_text("1")
    (tmp_path / "r" / "other").write_text("not declared")
    specs = [ResultSpec(name=name) for name in ("b", "missing", "a")]
    assert read_results(tmp_path, "r", specs) == (
        (Result(name="b", value="\ufffd\n"), Result(name="a", value="1")),
        [],
    )


def test_what_is_wrong_with_a_result_is_told(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b"x" * (LARGEST_RESULT + 1))
    (tmp_path / "most").write_bytes(b"x" * LARGEST_RESULT)
    os.mkfifo(tmp_path / "fifo")
    results, problems = read_results(
        tmp_path, ".", [ResultSpec(name=name) for name in ("huge", "most", "fifo", "../escape")]
    )
    assert [result.name for result in results] == ["most"]
    assert [text.split()[0] for text in problems] == ["result", "./fifo", "./../escape"]


@pytest.mark.parametrize(
    "content", [None, "", "[]", "no json", "[" * 100_000, '{"outputs": {}}', '{"inputs": [1]}']
)
def test_broken_artifacts_are_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "p.json").write_text(content)
    assert read_artifacts(tmp_path, "p.json") == ((), ())


def test_artifacts(tmp_path: Path) -> None:
    entry = {"name": "image", "values": [{"uri": "pkg:x", "digest": {"sha256": "a"}}]}
    (tmp_path / "p.json").write_text(json.dumps({"inputs": [entry], "outputs": [entry, "odd"]}))
    assert read_artifacts(tmp_path, "p.json") == ((entry,), (entry,))
