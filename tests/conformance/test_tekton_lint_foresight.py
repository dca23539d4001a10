"""What rules foretell of a run is what Tekton's controllers did with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from holkas.model.finding import Finding
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.importer import TektonImporter

from tests.shared import rows, shared

pytestmark = pytest.mark.conformance
SCENARIOS = list(rows("tekton", "generated", "scenarios", "expected.jsonl"))


def found(case: dict[str, Any], code: str) -> list[Finding]:
    path = shared("cases", "tekton", "generated", "scenarios", case["id"], "run.yaml")
    findings = TektonImporter().lint(load_documents(Source.read(path)), level="alpha")
    return [finding for finding in findings if finding.code == code]


def quoted(finding: Finding) -> list[str]:
    return re.findall(r'"([^"]*)"', finding.message)


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case["id"])
def test_a_task_whose_condition_never_holds_was_skipped(case: dict[str, Any]) -> None:
    skipped = {entry["name"] for entry in case["skipped"]}
    for finding in found(case, "T605"):
        assert quoted(finding)[0] in skipped


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case["id"])
def test_a_result_that_no_step_writes_was_not_there(case: dict[str, Any]) -> None:
    for finding in found(case, "T616"):
        task, result = quoted(finding)
        assert result not in (case["tasks"].get(task, {}).get("results") or {})


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case["id"])
def test_a_task_under_finally_without_its_result_was_skipped(case: dict[str, Any]) -> None:
    skipped = {entry["name"]: entry["reason"] for entry in case["skipped"]}
    for finding in found(case, "T612"):
        final, source = quoted(finding)[:2]
        if source in skipped:
            assert final in skipped
