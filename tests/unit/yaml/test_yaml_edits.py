"""Edits change their place and not a byte more."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from holkas.yaml import (
    EditError,
    Source,
    YamlError,
    dump,
    insert,
    load,
    load_documents,
    remove,
    rename_key,
    replace_scalar,
)
from hypothesis import assume, given
from hypothesis import strategies as st

TEXT = """\
# top
apiVersion: v1   # keep
metadata: {name: x, labels: {a: "1"}}
---
spec:   # s
  steps:
  - name: one  # n
    image: 'a:1'
    script: |
      echo hi

      exit

    # tail
  - name: two
    args: ["x", y]
    keep: |+
      k

  - only: !!str 1
  empty:
  none: ~
  folded: >-
    some
    words
  base: &b {x: 1}
  m:
    <<: *b
    q: "dq"
  a: &s text
  c: *s
"""


def diff(before: Source, after: Source) -> list[str]:
    lines = difflib.unified_diff(
        before.data.decode().splitlines(), after.data.decode().splitlines(), n=0, lineterm=""
    )
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def changed(function: Any, document: int, path: list[str | int], *more: Any, text: str = TEXT) -> list[str]:
    source = Source("f.yaml", text.encode())
    return diff(source, function(source, document, path, *more))


@pytest.mark.parametrize(
    ("document", "path", "value", "lines"),
    [
        (0, "apiVersion", "v2", ["-apiVersion: v1   # keep", "+apiVersion: v2   # keep"]),
        (0, "apiVersion", "yes", ["-apiVersion: v1   # keep", '+apiVersion: "yes"   # keep']),
        (0, "metadata.labels.a", "two", ['-metadata: {name: x, labels: {a: "1"}}']),
        (0, "metadata.name", "a,b", ["-metadata: {name: x", '+metadata: {name: "a,b"']),
        (1, "spec.steps.0.image", "it's:2", ["-    image: 'a:1'", "+    image: 'it''s:2'"]),
        (1, "spec.steps.0.image", "a\tb", ["-    image: 'a:1'", '+    image: "a\\tb"']),
        (1, "spec.steps.0.image", 5, ["-    image: 'a:1'", "+    image: 5"]),
        (1, "spec.steps.0.script", "new\n", ["-      echo hi", "-", "-      exit", "+      new"]),
        (
            1,
            "spec.steps.0.script",
            "new",
            ["-    script: |", "-      echo hi", "-", "-      exit", "+    script: |-"],
        ),
        (
            1,
            "spec.steps.0.script",
            " new\n",
            ["-    script: |", "-      echo hi", "-", "-      exit", '+    script: " new'],
        ),
        (1, "spec.steps.0.name", "l\nm\n", ["-  - name: one  # n", '+  - name: "l\\nm\\n"  # n']),
        (1, "spec.steps.1.name", "l\nm\n", ["-  - name: two", "+  - name: |", "+      l", "+      m"]),
        (1, "spec.steps.1.args.1", "z: 1", ['-    args: ["x", y]', '+    args: ["x", "z: 1"]']),
        (1, "spec.steps.1.keep", "j\n\n\n", ["-      k", "+      j", "+"]),
        (1, "spec.steps.1.keep", "j", ["-    keep: |+", "-      k", "-", "+    keep: |-", "+      j"]),
        (1, "spec.empty", "v", ["-  empty:", "+  empty: v"]),
        (1, "spec.none", True, ["-  none: ~", "+  none: true"]),
        (1, "spec.none", None, ["-  none: ~", "+  none: null"]),
        (1, "spec.folded", "other\ntext", ["-  folded: >-", "-    some", "-    words", "+  folded: |-"]),
        (1, "spec.m.q", 'a"b', ['-    q: "dq"', '+    q: "a\\"b"']),
    ],
)
def test_replacing_a_scalar(document: int, path: str, value: Any, lines: list[str]) -> None:
    parts = [int(part) if part.isdigit() else part for part in path.split(".")]
    got = changed(replace_scalar, document, parts, value)
    for line in lines:
        assert any(shown.startswith(line) for shown in got), got
    node = load_documents(replace_scalar(Source("f", TEXT.encode()), document, parts, value), strict=False)
    reached = node[document].value
    for part in parts:
        reached = reached[part]
    assert reached == value


@pytest.mark.parametrize(
    ("function", "path", "more", "reason"),
    [
        (replace_scalar, ["spec", "base", "x"], [2], "other places would change"),
        (replace_scalar, ["spec", "a"], ["new"], "other places would change"),
        (replace_scalar, ["spec", "m", "x"], [2], "through a merge"),
        (replace_scalar, ["spec", "c"], ["new"], "not a scalar"),
        (replace_scalar, ["spec", "c", "d"], ["new"], "from an anchor by an alias"),
        (replace_scalar, ["spec"], ["new"], "not a scalar"),
        (replace_scalar, ["spec", "steps", 9], ["new"], r"spec.steps\[9\] does not exist"),
        (replace_scalar, ["spec", "steps", "9"], ["new"], "does not exist"),
        (replace_scalar, ["nope"], ["new"], "nope does not exist"),
        (replace_scalar, ["spec", "none"], [(1 << 70) + 1], "64 bits"),
        (replace_scalar, ["spec", "steps", 2, "only"], [1], "would change"),
        (rename_key, ["spec", "steps", 0, "image"], ["name"], "exists already"),
        (rename_key, ["spec", "steps", 0], ["name"], "not a key"),
        (rename_key, [], ["name"], "the document is not a key"),
        (rename_key, ["spec", "base", "x"], ["name"], "would change"),
        (remove, [], [], "whole document"),
        (remove, ["spec", "a"], [], "cannot be edited in place"),
        (remove, ["spec", "m", "<<"], [], "through a merge"),
        (insert, ["spec", "base"], ["new", 1], "would change"),
        (insert, ["spec", "steps"], ["new", 1], "not a mapping"),
        (insert, ["spec", "m"], ["q", 1], "exists already"),
        (insert, ["spec", "none"], ["q", 1], "not a mapping"),
    ],
)
def test_refused_edits(function: Any, path: list[str | int], more: list[Any], reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        function(Source("f.yaml", TEXT.encode()), 1, path, *more)


def test_other_reasons_to_refuse() -> None:
    with pytest.raises(EditError, match="no document number 7"):
        remove(Source("f.yaml", b"a: 1\n"), 7, ["a"])
    with pytest.raises(YamlError):
        remove(Source("f.yaml", b"a: [\n"), 0, ["a"])
    with pytest.raises(EditError, match="form of JSON"):
        replace_scalar(Source("f.json", b'{"a": 1}{"b": 2}'), 1, ["b"], 3)
    with pytest.raises(EditError, match="a comment stands between"):
        remove(Source("f.yaml", b"- a: 1\n  # about b\n  b: 2\n"), 0, [0, "a"])
    with pytest.raises(EditError, match="shares its line"):
        remove(Source("f.yaml", b"? a\n: 1\n? b\n: 2\n"), 0, ["b"])


@pytest.mark.parametrize(
    ("document", "path", "key", "line"),
    [
        (1, ["spec", "steps", 0, "image"], "img", "+    img: 'a:1'"),
        (1, ["spec", "steps"], "no", '+  "no":'),
        (1, ["spec", "steps"], "steps", ""),
        (0, ["metadata", "name"], "a,b", '+metadata: {"a,b": x, labels: {a: "1"}}'),
    ],
)
def test_renaming_a_key(document: int, path: list[str | int], key: str, line: str) -> None:
    got = changed(rename_key, document, path, key)
    assert line in got if line else got == []


@pytest.mark.parametrize(
    ("document", "path", "lines"),
    [
        (
            1,
            "spec.steps.0",
            [
                "-  - name: one  # n",
                "-    image: 'a:1'",
                "-    script: |",
                "-      echo hi",
                "-",
                "-      exit",
            ],
        ),
        (1, "spec.steps.1.name", ["-  - name: two", '-    args: ["x", y]', '+  - args: ["x", y]']),
        (1, "spec.steps.0.name", ["-  - name: one  # n", "-    image: 'a:1'", "+  - image: 'a:1'"]),
        (1, "spec.steps.0.script", ["-    script: |", "-      echo hi", "-", "-      exit"]),
        (1, "spec.steps.1.keep", ["-    keep: |+", "-      k", "-"]),
        (1, "spec.steps.1.args.0", ['-    args: ["x", y]', "+    args: [y]"]),
        (1, "spec.steps.1.args.1", ['-    args: ["x", y]', '+    args: ["x"]']),
        (1, "spec.steps.2.only", ["-  - only: !!str 1", "+  - {}"]),
        (1, "spec.empty", ["-  empty:"]),
        (1, "spec.folded", ["-  folded: >-", "-    some", "-    words"]),
        (0, "metadata.labels", ['-metadata: {name: x, labels: {a: "1"}}', "+metadata: {name: x}"]),
        (
            0,
            "metadata.labels.a",
            ['-metadata: {name: x, labels: {a: "1"}}', "+metadata: {name: x, labels: {}}"],
        ),
    ],
)
def test_removing_an_entry(document: int, path: str, lines: list[str]) -> None:
    parts = [int(part) if part.isdigit() else part for part in path.split(".")]
    assert changed(remove, document, parts) == lines


def test_removing_the_only_entry() -> None:
    assert changed(remove, 0, ["a", "b"], text="a:\n  b:\n    c: 1\nd: 2\n") == [
        "-a:",
        "-  b:",
        "-    c: 1",
        "+a: {}",
    ]
    assert changed(remove, 0, ["a", 0], text="a:\n- 1\n") == ["-a:", "-- 1", "+a: []"]
    assert changed(remove, 0, ["a"], text="a: 1") == ["-a: 1", "+{}"]


@pytest.mark.parametrize(
    ("document", "path", "key", "value", "lines"),
    [
        (1, ["spec"], "new", {"a": [1, {"b": "x\n"}]}, ["+  new:", "+    a:", "+    - 1", "+    - b: x"]),
        (1, ["spec", "steps", 0], "new", "v", ["+    new: v"]),
        (1, ["spec", "steps", 1], "new", "v", ["+    new: v"]),
        (1, ["spec", "empty"], "new", "v", ["+    new: v"]),
        (
            0,
            ["metadata"],
            "new",
            "v",
            ['-metadata: {name: x, labels: {a: "1"}}', '+metadata: {name: x, labels: {a: "1"}, new: v}'],
        ),
        (
            0,
            ["metadata", "labels"],
            "b",
            ["x", 1],
            ['-metadata: {name: x, labels: {a: "1"}}', '+metadata: {name: x, labels: {a: "1", b: ["x", 1]}}'],
        ),
        (1, [], "new", None, ["+new: null"]),
    ],
)
def test_inserting_a_key(
    document: int, path: list[str | int], key: str, value: Any, lines: list[str]
) -> None:
    if value == {"a": [1, {"b": "x\n"}]}:
        lines = [*lines[:-1], "+    - b: |", "+        x"]
    assert changed(insert, document, path, key, value) == lines


def test_inserting_into_what_is_empty() -> None:
    assert changed(insert, 0, ["a"], "b", 1, text="a: {}\n") == ["-a: {}", "+a: {b: 1}"]
    assert changed(insert, 0, [], "b", {"c": 1}, text="--- # c\n") == ["+b:", "+  c: 1"]
    assert changed(insert, 0, [], "b", 1, text="a: 1") == ["+b: 1"]


def test_json_stays_json() -> None:
    source = Source("f.json", b'{"a": {"b": 1,\n\t"c": []}}\n')
    source = replace_scalar(source, 0, ["a", "b"], "yes")
    source = insert(source, 0, ["a"], "d", "e")
    source = rename_key(source, 0, ["a", "c"], "f")
    assert source.data == b'{"a": {"b": "yes",\n\t"f": [], "d": "e"}}\n'
    assert remove(source, 0, ["a", "f"]).data == b'{"a": {"b": "yes",\n\t"d": "e"}}\n'


def test_encodings_and_line_ends_stay() -> None:
    source = Source("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2")
    longer = insert(source, 0, [], "c", {"d": "x\n\nz"})
    assert longer.data == b"\xef\xbb\xbfa: 1\r\nb: 2\r\nc:\r\n  d: |-\r\n    x\r\n\r\n    z"
    assert remove(longer, 0, ["b"]).data == b"\xef\xbb\xbfa: 1\r\nc:\r\n  d: |-\r\n    x\r\n\r\n    z"
    wide = Source("f.yaml", "a: é\n".encode("utf-16"))
    assert replace_scalar(wide, 0, ["a"], "ü").data == "a: ü\n".encode("utf-16")
    big_endian = Source("f.yaml", b"\xfe\xff" + "a: é\n".encode("utf-16-be"))
    assert replace_scalar(big_endian, 0, ["a"], "ü").data == b"\xfe\xff" + "a: ü\n".encode("utf-16-be")


def test_anchors_and_tags_before_a_scalar_stay() -> None:
    assert changed(replace_scalar, 0, ["a"], "2", text="a: &x !!str 1\n") == [
        "-a: &x !!str 1",
        '+a: &x !!str "2"',
    ]


def test_blanks_at_the_end_of_a_block_go_with_it() -> None:
    assert changed(replace_scalar, 0, [0], "b", text="- |\n  a \n\n- c\n") == [
        "-- |",
        "-  a ",
        "+- |-",
        "+  b",
    ]


def test_a_file_with_duplicate_keys_can_still_be_edited() -> None:
    assert changed(replace_scalar, 0, ["b"], 2, text="a: 1\na: 2\nb: 1\n") == ["-b: 1", "+b: 2"]


def test_an_edit_does_not_bring_in_a_duplicate() -> None:
    with pytest.raises(EditError, match="set twice"):
        insert(Source("f.yaml", TEXT.encode()), 1, ["spec", "m"], "x", 2)


scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.text("ab -#:'\"\n|\\", max_size=8),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.booleans(),
    st.none(),
)
trees = st.recursive(
    scalars,
    lambda children: st.one_of(
        st.lists(children, min_size=1, max_size=3),
        st.dictionaries(st.text("abc", min_size=1), children, max_size=3),
    ),
    max_leaves=8,
)


@given(st.data(), trees, scalars)
def test_replacing_any_scalar_with_any_other(data: st.DataObject, tree: Any, value: Any) -> None:
    path: list[str | int] = []
    node = tree
    while isinstance(node, dict | list) and node:
        part = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        path.append(part)
        node = node[part]
    assume(path and not isinstance(node, dict | list))
    source = Source("f.yaml", dump(tree).encode())
    edited = replace_scalar(source, 0, path, value)
    reached = load(edited.data)
    for part in path:
        reached = reached[part]
    assert reached == value and type(reached) is type(value)


@given(st.data(), st.dictionaries(st.text("abc", min_size=1), trees, min_size=1, max_size=3))
def test_removing_and_inserting(data: st.DataObject, tree: dict[str, Any]) -> None:
    source = Source("f.yaml", dump(tree).encode())
    key = data.draw(st.sampled_from(list(tree)))
    rest = {name: item for name, item in tree.items() if name != key}
    shorter = remove(source, 0, [key])
    assert load(shorter.data) == rest
    if rest:
        assert load(insert(shorter, 0, [], key, tree[key]).data) == tree
