"""Bodies are read as Go reads them, whatever is sent."""

from __future__ import annotations

import json

import pytest
from holkas_compat.tekton.triggers.event_json import MAX_DEPTH, BodyError, read_json
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", None),
        (b"  \n", None),
        (b"null", None),
        (b"2", 2.0),
        (b"12345678901234567890", 1.2345678901234567e19),
        (b'"\xff"', "\ufffd"),
        (b'"\\ud83d"', "\ufffd"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'{"\\udc00": ["\\ud800"]}', {"\ufffd": ["\ufffd"]}),
        (b'{"a": 1, "a": 2}', {"a": 2.0}),
    ],
)
def test_a_body_is_read(body, value):
    read = read_json(body)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nope",
        b"{'a': 1}",
        b"NaN",
        b"[Infinity]",
        b"1e999",
        b"9" * 5000,
        b"[1,]",
        b'{"a": 1} x',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 500 + b"1" + b"}" * 500,
    ],
    ids=lambda body: body[:12].decode("utf-8", "replace"),
)
def test_what_is_no_body_is_refused_without_being_shown(body):
    with pytest.raises(BodyError) as error:
        read_json(body)
    assert len(str(error.value)) < 120


def test_nesting_within_the_limit_is_read():
    depth = MAX_DEPTH - 1
    assert read_json(b"[" * depth + b"]" * depth) is not None


@given(st.binary(max_size=80))
def test_any_bytes_are_a_body_or_an_error(data):
    try:
        value = read_json(data)
    except BodyError:
        return
    assert read_json(json.dumps(value).encode()) == value
