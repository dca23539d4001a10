"""When expressions after substitution, and whether they let a task start, as Tekton has it."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.when import When
from holkas.pipeline.substitution import Replacements
from holkas.pipeline.when import allows, substitute_when

from tests.shared import rows

pytestmark = pytest.mark.conformance


def expressions(raw: list[dict[str, Any]] | None) -> tuple[When, ...]:
    return tuple(When(**{**each, "values": tuple(each.get("values") or ())}) for each in raw or ())


@pytest.mark.parametrize("row", list(rows("tekton", "when_replace.jsonl")))
def test_variables(row: dict[str, Any]) -> None:
    replacements = Replacements(row["strings"] or {}, row["arrays"] or {})
    assert substitute_when(expressions(row["when"]), replacements) == expressions(row["result"])


@pytest.mark.parametrize("row", list(rows("tekton", "when_eval.jsonl")))
def test_verdicts(row: dict[str, Any]) -> None:
    known = row["cel"] or {}
    assert allows(expressions(row["when"]), lambda expression: known[expression]) is row["allows"]


@pytest.mark.parametrize("row", list(rows("tekton", "when_eval.jsonl")))
def test_verdicts_with_expressions_evaluated_here(row: dict[str, Any]) -> None:
    assert allows(expressions(row["when"])) is row["allows"]
