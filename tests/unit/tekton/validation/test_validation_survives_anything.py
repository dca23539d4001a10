"""Validation never raises, whatever stands in a document in place of what should."""

from __future__ import annotations

import copy
from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.validation import validate
from holkas_compat.tekton.validation.registry import RULES
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tekton.validation.documents import ALPHA, STABLE
from tests.unit.tekton.validation.examples import objects, params, pipelines, tasks

DOCUMENTS = [
    document
    for module in (objects, tasks, params, pipelines)
    for example in module.EXAMPLES
    for document in (example.wrong, example.near_miss)
]
TEXTS = st.sampled_from(["", "$(params.x)", "$(tasks.a.results.b)", "1h", "-1s", "a", "$(", "\x00", "é" * 70])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        found += _paths(item, (*path, key))
    return found


@given(data=st.data())
def test_any_value_in_place_of_any_field(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(_paths(document)))
        node: Any = document
        for key in way:
            node = node[key]
        node[last] = data.draw(JSON)
    for flags in (STABLE, ALPHA):
        assert all(isinstance(problem, Problem) for problem in validate(document, flags=flags))


@given(
    kind=st.sampled_from(sorted(RULES)), spec=JSON, metadata=JSON, version=st.sampled_from(["v1", "v1beta1"])
)
def test_any_spec(kind: str, spec: Any, metadata: Any, version: str) -> None:
    document = {"apiVersion": f"tekton.dev/{version}", "kind": kind, "spec": spec, "metadata": metadata}
    assert isinstance(validate(document), list)


def test_a_kind_without_rules_has_no_problems() -> None:
    assert validate({"apiVersion": "tekton.dev/v1", "kind": "Other"}) == []
    assert validate({"kind": ["Task"]}) == []
