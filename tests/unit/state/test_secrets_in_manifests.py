"""Secret documents: their values are known, and their text can be kept without them."""

from __future__ import annotations

import base64
from textwrap import dedent

import pytest
from holkas.state.manifest_secrets import (
    NOT_KEPT,
    masker_of,
    may_hold_secrets,
    secret_values,
    without_secrets,
)
from holkas.yaml import Source, load_documents


def source(text):
    return Source("f.yaml", dedent(text).encode())


def values(text):
    return set(secret_values(load_documents(source(text))))


def test_values_of_data_are_decoded_and_those_of_string_data_are_not():
    encoded = base64.b64encode(b"password-1").decode()
    found = values(f"""
        kind: Secret
        data: {{a: {encoded}, b: "%%%", c: null}}
        stringData: {{d: plain, e: 1234567, f: [no]}}
        """)
    assert {b"password-1", b"%%%", b"plain", b"1234567"} <= found


def test_secrets_in_lists_are_found():
    found = values("""
        kind: List
        items:
        - {kind: Secret, stringData: {a: in-a-list}}
        - {kind: ConfigMap, data: {a: no-secret}}
        - 3
        """)
    assert found == {b"in-a-list"}


@pytest.mark.parametrize(
    "text", ["kind: ConfigMap\ndata: {a: b}\n", "- kind: Secret\n", "kind: Secret\ndata: 3\n", ""]
)
def test_other_documents_hold_none(text):
    assert values(text) == set()


def test_the_kept_text_has_stars_for_values_and_is_otherwise_the_same():
    text = dedent("""\
        # a comment
        kind: Secret
        data:
          a: abc   # short, and nevertheless secret
          b: |
            two
            lines
          c:
          "d": 'x'
        ---
        kind: TaskRun
        data: {a: stays}
        """)
    assert without_secrets(source(text)) == dedent("""\
        # a comment
        kind: Secret
        data:
          a: "***"   # short, and nevertheless secret
          b: "***"
          c: "***"
          "d": "***"
        ---
        kind: TaskRun
        data: {a: stays}
        """)


def test_the_kept_text_can_be_read_again():
    text = 'kind: List\nitems:\n- kind: Secret\n  stringData: {a: b, c: "d"}\n  data:\n    e: >-\n      f\n\n      g\n'
    (document,) = load_documents(Source("x", without_secrets(source(text)).encode()))
    secret = document.value["items"][0]
    assert secret["stringData"] == {"a": "***", "c": "***"}
    assert secret["data"] == {"e": "***"}


def test_json_is_kept_without_its_secrets():
    assert "hush" not in without_secrets(source('{"kind": "Secret", "stringData": {"a": "hush"}}'))


@pytest.mark.parametrize(
    "text",
    [
        "kind: Secret\ndata: {a: [\n",
        "x: &a {k: v}\nkind: Secret\ndata: *a\n",
        "base: &b\n  data: {k: v}\n<<: *b\nkind: Secret\n",
    ],
)
def test_a_text_that_cannot_be_taken_apart_is_not_kept(text):
    assert without_secrets(source(text)) == NOT_KEPT


def test_a_text_without_secrets_is_kept_as_it_is_even_when_it_cannot_be_read():
    assert without_secrets(source("a: [\n")) == "a: [\n"


def test_utf_16_is_kept_as_text():
    assert without_secrets(Source("x", "kind: Pod\n".encode("utf-16"))) == "kind: Pod\n"
    assert may_hold_secrets(Source("x", "kind: Secret\n".encode("utf-16")))


def test_a_masker_of_several_sources_names_those_that_cannot_be_read():
    good = Source("good", b"kind: Secret\nstringData: {a: hunter22}\n")
    bad = Source("bad", b"kind: Secret\nstringData: {a: [\n")
    other = Source("other", b"a: [\n")
    masker, unread = masker_of([good, bad, other])
    assert masker.mask_text("hunter22") == "***"
    assert unread == {"bad"}
