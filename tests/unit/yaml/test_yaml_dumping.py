"""What is written is read back the same, by every reader."""

from __future__ import annotations

from collections import OrderedDict
from enum import StrEnum
from typing import Any

import pytest
from holkas.yaml import Source, dump, dump_all, load, load_documents
from holkas.yaml.numbers import json_number
from hypothesis import given
from hypothesis import strategies as st

tricky = st.one_of(
    st.text(
        st.one_of(
            st.characters(exclude_categories=["Cs"]),
            st.sampled_from("-?:,[]{}#&*!|>'\"%@`=~<.0123456789_eExXob \n\t\r\x85\u2028\ufeffyYnNtfTF+/\\"),
        ),
        max_size=12,
    ),
    st.from_regex(r"[-+.]?[0-9._:eExXobT-]{1,8}", fullmatch=True),
    st.lists(
        st.sampled_from(["a", " ", "\n", "  ", "b: c", "# x", "- d", "\t", "---", "...", ":"]), max_size=8
    ).map("".join),
)
numbers = st.one_of(
    st.integers(-(1 << 63), (1 << 64) - 1),
    st.floats(allow_nan=False, allow_infinity=False).map(json_number),
    st.booleans(),
    st.none(),
)
values = st.recursive(
    st.one_of(tricky, numbers),
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(tricky, children, max_size=4)),
    max_leaves=12,
)


def exact(value: Any) -> Any:
    """A value that compares with its types."""
    if isinstance(value, dict):
        return [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [exact(item) for item in value]
    return isinstance(value, bool), value


@given(values)
def test_kubernetes_reader_reads_it_back(value: Any) -> None:
    assert exact(load(dump(value))) == exact(value)


@given(st.lists(values, max_size=3))
def test_streams_are_read_back(documents: list[Any]) -> None:
    source = Source("f.yaml", dump_all(documents).encode())
    read = [document.value for document in load_documents(source)]
    assert exact(read) == exact([value for value in documents if value is not None])


@given(st.dictionaries(tricky, st.lists(tricky, max_size=3), max_size=3))
def test_a_yaml_1_2_reader_reads_the_same_texts(value: dict[str, list[str]]) -> None:
    from ruamel.yaml import YAML

    assert YAML(typ="safe", pure=True).load(dump(value)) == value


@given(st.dictionaries(tricky, st.lists(tricky, max_size=3), max_size=3))
def test_a_yaml_1_1_reader_reads_the_same_texts(value: dict[str, list[str]]) -> None:
    from ruamel.yaml import YAML

    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 1)
    assert reader.load(dump(value)) == value


def test_how_it_looks() -> None:
    value = {
        "kind": "Task",
        "metadata": {"name": "x", "labels": {}, "annotations": {"a/b": "true"}},
        "spec": {
            "params": [{"name": "p", "default": "0777"}, {"name": "q", "values": ["-f", "a: b", ""]}],
            "nested": [["a", ["b"]], [], None, 1.5, 1e22],
            "script": "#!/bin/sh\n\n  echo\n",
            "kept": "a\n\n",
            "stripped": "a\nb",
            "led": "  a\nb\n",
            "image": "nginx:1.2@sha256:00",
            "quote": '"hi", he',
            "no": "no",
        },
    }
    assert dump(value) == (
        "kind: Task\n"
        "metadata:\n"
        "  name: x\n"
        "  labels: {}\n"
        "  annotations:\n"
        '    a/b: "true"\n'
        "spec:\n"
        "  params:\n"
        "  - name: p\n"
        '    default: "0777"\n'
        "  - name: q\n"
        "    values:\n"
        "    - -f\n"
        '    - "a: b"\n'
        '    - ""\n'
        "  nested:\n"
        "  - - a\n"
        "    - - b\n"
        "  - []\n"
        "  - null\n"
        "  - 1.5\n"
        "  - 1.0e+22\n"
        "  script: |\n"
        "    #!/bin/sh\n"
        "\n"
        "      echo\n"
        "  kept: |+\n"
        "    a\n"
        "\n"
        "  stripped: |-\n"
        "    a\n"
        "    b\n"
        "  led: |2\n"
        "      a\n"
        "    b\n"
        "  image: nginx:1.2@sha256:00\n"
        "  quote: '\"hi\", he'\n"
        '  "no": "no"\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        *["y", "N", "yes", "off", "0o7", "0777", "1e3", "2001-12-14", "~", "null", "1:30"],
        *["12:30:45", ".inf", "=", "<<", "1_000", "0x1F", "-1", "+.5", "True"],
    ],
)
def test_texts_that_look_like_something_else_are_quoted(text: str) -> None:
    assert dump(text) == f'"{text}"\n'


@pytest.mark.parametrize(
    "text", ["1.2.3", "10.0.0.1", "1m", "v1", "a/b", "$(params.x)", "--flag=1", "é", "😀"]
)
def test_other_texts_are_not(text: str) -> None:
    assert dump(text) == f"{text}\n"


def test_long_keys() -> None:
    value = {"k" * 2000: {"a": [1]}, "l": [{"m" * 1500: "x"}]}
    assert load(dump(value)) == value


class Colour(StrEnum):
    RED = "red"


def test_other_types_of_the_same_shape() -> None:
    assert dump(OrderedDict(a=(1, Colour.RED))) == "a:\n- 1\n- red\n"
    assert dump({"a": ()}) == "a: []\n"


@pytest.mark.parametrize("value", [{1: 2}, {"a": b"x"}, object(), {"a": {1, 2}}])
def test_values_without_a_form(value: Any) -> None:
    with pytest.raises(TypeError):
        dump(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1 << 64, "\ud800", "a\n\udc80"])
def test_values_that_json_cannot_hold(value: Any) -> None:
    with pytest.raises(ValueError):
        dump(value)
