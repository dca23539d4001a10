"""Durations, quantities and JSON as Go writes them."""

from __future__ import annotations

import json

import pytest
from holkas.go_json import json_text, number_text
from holkas.model.duration import DurationError, duration_text, parse_duration
from holkas_compat.manifest.quantity import QuantityError, canonical_quantity
from holkas_compat.tekton.param_value import param_value, value_type
from hypothesis import given
from hypothesis import strategies as st

SECOND = 1_000_000_000
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1h", "1h0m0s"),
        ("90m", "1h30m0s"),
        ("1h0m0s", "1h0m0s"),
        ("59m59s", "59m59s"),
        ("0", "0s"),
        ("-0", "0s"),
        ("0s", "0s"),
        ("-1h", "-1h0m0s"),
        ("+5s", "5s"),
        ("1.5s", "1.5s"),
        (".5s", "500ms"),
        ("1.s", "1s"),
        ("250ms", "250ms"),
        ("1500us", "1.5ms"),
        ("12µs", "12µs"),
        ("7ns", "7ns"),
        ("1h1ns", "1h0m0.000000001s"),
        ("99999h", "99999h0m0s"),
    ],
)
def test_durations_are_written_as_go_writes_them(text: str, canonical: str) -> None:
    assert duration_text(parse_duration(text)) == canonical


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no duration"),
        ("-", "no duration"),
        ("h", "no duration"),
        (".h", "no duration"),
        ("1h ", "unit"),
        ("10", "no unit"),
        ("1d", 'unknown unit "d"'),
        ("5 minutes", 'unknown unit " minutes"'),
        ("1h30", "no unit"),
        ("9999999h", "longer than any"),
        ("9223372036854775808ns", "longer than any"),
        ("$(params.t)", "no duration"),
    ],
)
def test_what_is_no_duration_is_told_why(text: str, complaint: str) -> None:
    with pytest.raises(DurationError, match=complaint):
        parse_duration(text)


def test_the_longest_negative_duration_is_one_longer_than_the_longest() -> None:
    assert parse_duration("-9223372036854775808ns") == -(1 << 63)


@given(st.integers(-(1 << 63) + 1, (1 << 63) - 1))
def test_every_duration_reads_back(nanoseconds: int) -> None:
    assert parse_duration(duration_text(nanoseconds)) == nanoseconds


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1", "1"),
        ("1000m", "1"),
        ("1500m", "1500m"),
        ("0.5", "500m"),
        (".5", "500m"),
        ("5.", "5"),
        ("100m", "100m"),
        ("1024Mi", "1Gi"),
        ("16Mi", "16Mi"),
        ("1.5Gi", "1536Mi"),
        ("0.5Ki", "512"),
        ("1000", "1k"),
        ("1500k", "1500k"),
        ("2000M", "2G"),
        ("1e3", "1e3"),
        ("10E2", "1e3"),
        ("12e0", "12"),
        ("0", "0"),
        ("0Gi", "0"),
        ("-1", "-1"),
        ("+2Gi", "2Gi"),
        ("1n", "1n"),
        ("0.1n", "1n"),
        ("-0.1n", "-1n"),
        ("1000E", "1000E"),
        ("1024Ei", "1024Ei"),
        ("1.1Ki", "1126400m"),
    ],
)
def test_quantities_become_canonical(text: str, canonical: str) -> None:
    assert canonical_quantity(text) == canonical


@pytest.mark.parametrize(
    "text", ["", ".", "m", "1 Gi", "1gb", "1Kim", "$(params.cpu)", "1.2.3", "0x10", "1e", "1e999", "--1"]
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        canonical_quantity(text)


@given(st.integers(0, 10**6), st.sampled_from(["", "m", "k", "M", "Ki", "Mi", "Gi", "n", "u"]))
def test_a_canonical_quantity_stays_as_it_is(number: int, suffix: str) -> None:
    canonical = canonical_quantity(f"{number}{suffix}")
    assert canonical_quantity(canonical) == canonical


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (-7, "-7"), (1.5, "1.5"), (1000.0, "1000"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
     (1.5e22, "1.5e+22"), (1e-6, "0.000001"), (1e-7, "1e-7"), (0.0, "0"), (0.1, "0.1")],
)  # fmt: skip
def test_numbers_as_go_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text


def test_json_is_compact_sorted_and_safe_for_html() -> None:
    value = {"b": [1, None, True, False], "a": "<x>&\u2028\n"}
    assert json_text(value) == '{"a":"\\u003cx\\u003e\\u0026\\u2028\\n","b":[1,null,true,false]}'
    assert json_text({"b": 1, "a": 2}, sort_keys=False) == '{"b":1,"a":2}'


@given(PLAIN)
def test_json_reads_back(value: object) -> None:
    assert json.loads(json_text(value)) == value


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("x", "x"),
        (None, ""),
        (True, "true"),
        (3, "3"),
        (1.10, "1.1"),
        (["a", None], ["a", ""]),
        ([], []),
        (["a", 1], '["a",1]'),
        ([["a"]], '[["a"]]'),
        ({"k": "v", "n": None}, {"k": "v", "n": ""}),
        ({"k": 1}, '{"k":1}'),
        ({"z": {}, "a": "<"}, '{"a":"\\u003c","z":{}}'),
    ],
)
def test_values_of_params(value: object, meant: object) -> None:
    assert param_value(value) == meant


def test_types_of_values() -> None:
    assert [value_type(value) for value in ("", [], {})] == ["string", "array", "object"]
