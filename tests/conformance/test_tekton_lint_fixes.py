"""Fixing what Tekton accepts leaves it accepted, comes to an end, and does not take back what it did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from holkas.cli.lint_fix import fix_all
from holkas.cli.render.findings import Located, locate_all
from holkas.model.finding import Severity
from holkas.yaml import Source, YamlError, load_documents
from holkas_compat.tekton.importer import TektonImporter

from tests.shared import rows, shared

pytestmark = pytest.mark.conformance
IMPORTER = TektonImporter()
EXAMPLES = sorted(shared("corpora", "tekton-examples", "v1").rglob("*.yaml"))


def judge(sources: Sequence[Source]) -> list[Located]:
    documents = [document for source in sources for document in load_documents(source)]
    return locate_all(IMPORTER.lint(documents, level="alpha"), sources)


def errors(items: Sequence[Located]) -> list[str]:
    return sorted(item.finding.code for item in items if item.finding.severity is Severity.ERROR)


def check(source: Source) -> None:
    before = judge([source])
    fixed = fix_all([source], judge)
    assert errors(fixed.items) == errors(before)
    assert fix_all(fixed.sources, judge).sources[0].data == fixed.sources[0].data
    left = {item.finding.code for item in fixed.items if item.finding.fix}
    assert left <= {item.finding.code for item in fixed.refused}


def _accepted(row: dict[str, Any]) -> bool:
    if not row["verdict"]["alpha"]["ok"]:
        return False
    try:
        return bool(load_documents(Source("f.yaml", row["yaml"].encode())))
    except YamlError:
        return False


@pytest.mark.parametrize(
    "case", [*filter(_accepted, rows("tekton", "generated", "validation.jsonl"))], ids=lambda case: case["id"]
)
def test_accepted_manifests(case: dict[str, Any]) -> None:
    check(Source("f.yaml", case["yaml"].encode()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Any) -> None:
    check(Source.read(path))
