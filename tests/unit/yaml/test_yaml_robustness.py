"""Any bytes give a value or an error with a position, and both parsers give the same."""

from __future__ import annotations

import gc
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from holkas.model.finding import Place
from holkas.yaml import Source, YamlError, load, load_documents, locate
from hypothesis import example, given
from hypothesis import strategies as st

PIECES = [
    *"ab1'\"\n [],{}#!|>?%@`~\\=;<\t\r",
    ": ",
    ":",
    "- ",
    "-",
    "\n ",
    "\n  ",
    "  ",
    " #",
    "&a ",
    "*a",
    "!!str ",
    "!!int ",
    "!b!c ",
    "!<x>",
    "|-",
    "|+",
    "|2",
    ">-\n",
    "\r\n",
    "---",
    "...",
    "\n---\n",
    "<<: ",
    "\\n",
    "\\/",
    "\\u12",
    "\\x41",
    "\\ud800",
    "é",
    "\u2028",
    "\x85",
    "''",
    '""',
    "yes",
    "1.0",
    "0x1",
    "%YAML 1.1\n---\n",
    "%YAML 1.2\n---\n",
    "%TAG !b! tag:x\n---\n",
    "%FOO\n",
    "x: y\n",
    "- x\n",
    "k:\n  ",
    "? a\n: b\n",
    "[a:b]",
    '"x\\\n  y"',
    "|\n  t\n   u\n\n  v\n",
    ">\n  t\n  u\n\n   v\n",
]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def outcome(text: str) -> str:
    """The values as text, or nothing for a text that is refused."""
    try:
        documents = load_documents(Source("f.yaml", text.encode()), strict=False)
        return json.dumps([document.value for document in documents], sort_keys=True)
    except YamlError as error:
        place = error.finding.place
        assert place.line is not None and place.column is not None
        assert 1 <= place.line <= text.count("\n") + text.count("\r") + 2
        assert place.column >= 1
        return ""


@given(texts)
@example("v: ! {a:b, c ? d}\n")
@example('a: "x\\ud83d"\n')
@example("a: |0\n  x\n")
@example("a: >1-  # c\n   x\n \ty\n")
@example("a: |\n\t\n  x\n")
@example("a: b\n \tc\n")
@example("!b!c x\n")
@example("%TAG !b! tag:x\n---\n!b!c x\n")
@example("!<x y\n")
@example('a: !b@"c"\n- &é x\n')
@example("a\n--- b\n")
def test_both_parsers_read_the_same(text: str) -> None:
    by_c = outcome(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("holkas.yaml.events.c_parser", lambda text: None)
        by_python = outcome(text)
    assert by_c == by_python


@given(st.one_of(st.binary(max_size=40), texts.map(str.encode)))
@example(b"---#\r\r\n &!")
def test_any_bytes_give_values_or_a_finding(data: bytes) -> None:
    source = Source("f.yaml", data)
    try:
        documents = load_documents(source)
    except YamlError as error:
        position = locate(source, error.finding.place)
        assert (position.line, position.column) == (error.finding.place.line, error.finding.place.column)
    else:
        assert all(document.value is not None for document in documents)


def test_the_parser_module_is_left_as_it_was() -> None:
    module = pytest.importorskip("_ruamel_yaml")
    before = dict(vars(module))
    for text in ("a: 1\n", "a: [", "a: 1\na: 2\n", "[" * 1000):
        try:
            load(text)
        except YamlError:
            assert text != "a: 1\n"
        assert vars(module) == before
        assert gc.isenabled()


def test_a_parser_with_other_names_is_read_by_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip("_ruamel_yaml")
    scalar_event = module.ScalarEvent
    monkeypatch.setattr("holkas.yaml.handlers._EVENT_NAMES", ("ScalarEvent", "NoSuchEvent"))
    assert load("a: [1, &x b, *x]\n") == {"a": [1, "b", "b"]}
    assert module.ScalarEvent is scalar_event


def test_a_paused_garbage_collector_stays_paused() -> None:
    gc.disable()
    try:
        load("a: 1\n")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads_do_not_disturb_each_other() -> None:
    text = "".join(f"- {{name: n{number}, value: [a, 'b', {number}]}}\n" for number in range(300))
    expected = load(text)

    def read(number: int) -> Any:
        if number % 3 == 0:
            place = Place(source="f", path=(number, "name"))
            return locate(Source("f", text.encode()), place).line == number + 1
        if number % 3 == 1:
            with pytest.raises(YamlError):
                load(text + "- {a: 1, a: 2}\n")
            return True
        return load(text) == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(120)))
