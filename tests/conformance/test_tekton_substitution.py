"""References in texts and lists, as Tekton's package substitution replaces them."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.pipeline.substitution import Replacements, substitute, substitute_list

from tests.shared import rows

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("row", list(rows("tekton", "subst_string.jsonl")))
def test_texts(row: dict[str, Any]) -> None:
    assert substitute(row["in"], Replacements(row["replacements"] or {})) == row["out"]


@pytest.mark.parametrize("row", list(rows("tekton", "subst_array.jsonl")))
def test_lists(row: dict[str, Any]) -> None:
    replacements = Replacements(row["strings"] or {}, row["arrays"] or {})
    assert substitute_list([row["in"]], replacements) == row["out"]
