"""Results of custom tasks are text that may be an array."""

from __future__ import annotations

import json

import pytest
from holkas.model.pipeline import CustomTaskSpec, PipelineTask, custom_kind
from holkas.model.reference import Reference
from holkas.pipeline.custom_results import values_for_others
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ('["a", "b"]', ("a", "b")),
        (' [ "one" ] ', ("one",)),
        ("[]", "[]"),
        ('["a", 1]', '["a", 1]'),
        ('["a"', '["a"'),
        ('{"a": "b"}', '{"a": "b"}'),
        ('"a"', '"a"'),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_an_array_of_strings_is_one_to_others(text, value):
    assert values_for_others({"r": text}) == {"r": value}


@given(st.lists(st.text(), min_size=1))
def test_every_array_of_strings_is_found(items):
    assert values_for_others({"r": json.dumps(items)}) == {"r": tuple(items)}


def test_what_is_no_text_stays():
    assert values_for_others({"r": ("a",)}) == {"r": ("a",)}


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        (None, ""),
        (Reference(name="t"), ""),
        (Reference(name="t", kind="Task", api_version="tekton.dev/v1"), ""),
        (Reference(name="t", kind="Wait"), ""),
        (Reference(api_version="x.dev/v1"), ""),
        (Reference(kind="Wait", api_version="x.dev/v1"), "x.dev/v1/Wait"),
        (Reference(kind="Wait", api_version="v1"), "v1/Wait"),
    ],
)
def test_which_references_are_custom(ref, kind):
    assert custom_kind(ref, None) == kind
    assert PipelineTask(name="t", ref=ref).custom_kind == kind
    assert (ref is not None and ref.is_custom) == bool(kind)


def test_an_embedded_custom_task_has_its_kind():
    spec = CustomTaskSpec(api_version="x.dev/v1", kind="Wait")
    assert PipelineTask(name="t", custom_spec=spec).custom_kind == "x.dev/v1/Wait"
