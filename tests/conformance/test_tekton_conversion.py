"""Conversion from v1beta1 to v1, as Tekton's ConvertTo does it."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.yaml import load
from holkas_compat.tekton.conversion.convert import to_v1
from holkas_compat.tekton.conversion.errors import ConversionError
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.defaults import apply_defaults
from holkas_compat.tekton.schema.kinds import V1

from tests.conformance.go_encoding import (
    go_encoded,
    with_generated_name,
    with_merged_templates,
    without_null_timestamps,
)
from tests.shared import rows

pytestmark = pytest.mark.conformance


def _of_this_kind(row: dict[str, Any]) -> bool:
    """Rows that Go could write, without those that hand Go's ConvertTo the struct of another kind as its target."""
    return "_marshalError" not in row["before"] and not row["error"].startswith("unknown version")


CONVERTED = [row for row in rows("tekton", "convert.jsonl") if _of_this_kind(row)]
GENERATED = [
    row for row in rows("tekton", "generated", "validation.jsonl") if "v1" in row or "v1Error" in row
]


@pytest.mark.parametrize("case", CONVERTED, ids=lambda case: case["kind"])
def test_convert(case: dict[str, Any]) -> None:
    """The rows often have no apiVersion and kind of their own, because Go's structs do not need them."""
    names = {"apiVersion": case["apiVersion"], "kind": case["kind"]}
    decoded = decode({**case["before"], **names})
    assert decoded.accepted, decoded.problems
    assert decoded.object is not None
    if case["error"]:
        with pytest.raises(ConversionError):
            to_v1(decoded.object)
        return
    wanted = {**case["after"], "apiVersion": V1, "kind": case["kind"]}
    assert go_encoded(to_v1(decoded.object)) == without_null_timestamps(wanted)


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case["id"])
def test_accepted_manifests(case: dict[str, Any]) -> None:
    decoded = decode(load(case["yaml"], strict=False))
    assert decoded.object is not None
    before = with_merged_templates(apply_defaults(with_generated_name(decoded.object)))
    if "v1Error" in case:
        with pytest.raises(ConversionError):
            to_v1(before)
        return
    wanted = {"apiVersion": V1, "kind": case["kind"], **case["v1"]}
    assert go_encoded(to_v1(before)) == without_null_timestamps(wanted)
