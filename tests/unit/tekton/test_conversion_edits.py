"""Edits that make one plain value into another."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.extensions.conversion import Fate, FieldChange
from holkas.model.edit import Edit
from holkas.yaml import Source, apply_edits, dump, load, replace_document
from holkas_compat.manifest.edits import NoEditsError, steps_between
from holkas_compat.tekton.conversion.edits import edits_between
from holkas_compat.tekton.conversion.report import changes_of
from hypothesis import given, settings
from hypothesis import strategies as st

leaves = st.sampled_from(["a", "b", "c", 1, True])
keys = st.sampled_from(["p", "q", "r", "s"])
values = st.recursive(
    leaves,
    lambda inner: (
        st.dictionaries(keys, inner, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
objects = st.dictionaries(keys, values, min_size=1, max_size=4)


@settings(deadline=None)
@given(objects, objects)
def test_the_edits_lead_from_one_to_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    try:
        edits = edits_between(old, new)
    except NoEditsError:
        return
    source = apply_edits(Source("f", dump(old).encode()), 0, edits)
    assert load(source.data) == new


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ({"a": "x"}, {"a": "x"}, ()),
        ({"a": "x"}, {"a": "y"}, (Edit.replace(("a",), "y"),)),
        ({"a": "x", "k": "z"}, {"b": "x", "k": "z"}, (Edit.rename(("a",), "b"),)),
        (
            {"a": [{"x": "v"}]},
            {"b": [{"y": "v"}]},
            (Edit.rename(("a",), "b"), Edit.rename(("b", 0, "x"), "y")),
        ),
        ({"a": {"x": "v"}}, {"a": "v"}, (Edit.remove(("a",)), Edit.insert((), "a", "v"))),
        ({"a": "v", "b": "v"}, {"c": "v"}, (Edit.rename(("a",), "c"), Edit.remove(("b",)))),
        (
            {"params": [{"name": "p"}]},
            {"params": [{"name": "p", "type": "string"}]},
            (Edit.insert(("params", 0), "type", "string"),),
        ),
    ],
)
def test_the_edits_are_few(old: Any, new: Any, edits: tuple[Edit, ...]) -> None:
    assert edits_between(old, new) == edits


def test_types_of_params_can_be_left_to_v1() -> None:
    old, new = {"params": [{"name": "p"}]}, {"params": [{"name": "p", "type": "string"}]}
    assert edits_between(old, new, types=False) == ()
    assert len(edits_between({"p": {}}, {"p": {"type": "x"}}, types=False)) == 1


def test_an_item_of_a_list_cannot_become_another_kind_of_value() -> None:
    with pytest.raises(NoEditsError):
        edits_between({"a": [["x"]]}, {"a": ["x"]})


def test_what_became_of_each_field() -> None:
    old = {
        "metadata": {"name": "n"},
        "spec": {"timeout": "1h", "account": "sa", "gone": "x", "tty": True, "resources": {"a": 1}, "v": "1"},
    }
    new = {
        "metadata": {"name": "n", "annotations": {"old": '{"tty":true}', "Resources": "{}"}},
        "spec": {"timeouts": {"pipeline": "1h"}, "template": {"account": "sa"}, "v": "2", "extra": "e"},
    }
    assert changes_of(steps_between(old, new), old, new) == (
        FieldChange(path=("spec", "v"), fate=Fate.CHANGED, to="2"),
        FieldChange(path=("spec", "timeout"), fate=Fate.MOVED, to="spec.timeouts.pipeline"),
        FieldChange(path=("spec", "account"), fate=Fate.MOVED, to="spec.template.account"),
        FieldChange(path=("spec", "gone"), fate=Fate.LOST),
        FieldChange(path=("spec", "tty"), fate=Fate.KEPT, to="annotation old"),
        FieldChange(path=("spec", "resources"), fate=Fate.KEPT, to="annotation Resources"),
        FieldChange(path=("spec", "extra"), fate=Fate.ADDED, to="e"),
    )


def test_a_document_written_anew_leaves_the_others_alone() -> None:
    source = Source("f", b"# one\na: 1\n---\n# two\nb: {c: 2}  # gone\n---\nd: 3\n")
    assert (
        replace_document(source, 1, {"b": {"c": 3}}).data
        == b"# one\na: 1\n---\n# two\nb:\n  c: 3  # gone\n---\nd: 3\n"
    )
