"""Linting refuses exactly the manifests that Tekton refuses, and none of those that it runs."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.extensions.importer import RunWish
from holkas.model.finding import Finding, Severity
from holkas.yaml import Document, Source, YamlError, load_documents
from holkas_compat.tekton.importer import TektonImporter

from tests.shared import rows, shared

pytestmark = pytest.mark.conformance

MANIFESTS = list(rows("tekton", "generated", "validation.jsonl"))
SCENARIOS = list(rows("tekton", "generated", "scenarios", "expected.jsonl"))
IMPORTER = TektonImporter()
STARTED = frozenset(("Succeeded", "Completed", "Failed"))
AT_RUN_TIME = frozenset(("CouldntGetPipelineResult", "PipelineValidationFailed"))
"""Reasons that come from what the scripts did, which no reading of the file can know."""


def errors(documents: list[Document], level: str) -> list[Finding]:
    return [found for found in IMPORTER.lint(documents, level=level) if found.severity is Severity.ERROR]


@pytest.mark.parametrize("case", MANIFESTS, ids=lambda case: case["id"])
def test_the_verdict_at_each_level(case: dict[str, Any]) -> None:
    """Duplicate keys are let through here, as by Tekton's admission; refusing them is the loader's own choice."""
    try:
        documents = load_documents(Source("f.yaml", case["yaml"].encode()), strict=False)
    except YamlError:
        assert not case["verdict"]["alpha"]["ok"]
        return
    accepted = {level: not errors(documents, level) for level in case["verdict"]}
    assert accepted == {level: verdict["ok"] for level, verdict in case["verdict"].items()}


def scenario(case: dict[str, Any]) -> list[Document]:
    return load_documents(
        Source.read(shared("cases", "tekton", "generated", "scenarios", case["id"], "run.yaml"))
    )


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case["id"])
def test_a_scenario_loads_as_one_run(case: dict[str, Any]) -> None:
    loaded = IMPORTER.load(scenario(case), RunWish(level="beta"))
    assert (len(loaded.runs), loaded.findings) == (1, ())


@pytest.mark.parametrize(
    "case", [case for case in SCENARIOS if case["reason"] in STARTED], ids=lambda case: case["id"]
)
def test_what_can_start_has_no_finding_about_params_results_or_workspaces(case: dict[str, Any]) -> None:
    assert [found for found in IMPORTER.lint(scenario(case)) if found.code.startswith("T5")] == []


@pytest.mark.parametrize(
    "case",
    [case for case in SCENARIOS if case["reason"] not in STARTED | AT_RUN_TIME],
    ids=lambda case: case["id"],
)
def test_what_tekton_refuses_to_start_is_found_beforehand(case: dict[str, Any]) -> None:
    wanted = {
        "InvalidWorkspaceBindings": "T509",
        "ParameterMissing": "T504",
        "ParameterTypeMismatch": "T505",
        "ObjectParameterMissKeys": "T511",
        "RequiredWorkspaceMarkedOptional": "T510",
        "InvalidPipelineResultReference": "T507",
    }
    assert wanted[case["reason"]] in {found.code for found in IMPORTER.lint(scenario(case))}
