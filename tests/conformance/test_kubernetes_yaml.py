"""Every text of cases/yaml is read as sigs.k8s.io/yaml reads it, lenient and strict, with both parsers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from holkas.yaml import Source, YamlError, load, load_documents

from tests.shared import rows

pytestmark = pytest.mark.conformance

CASES = list(rows("yaml", "kubernetes_yaml.jsonl"))


@pytest.fixture(params=["c", "pure"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr("holkas.yaml.events.c_parser", lambda text: None)


def as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_lenient(case: dict[str, Any]) -> None:
    if case.get("error"):
        with pytest.raises(YamlError) as caught:
            load(case["yaml"], strict=False)
        place = caught.value.finding.place
        assert place.line is not None and place.line >= 1 and place.column is not None and place.column >= 1
    else:
        assert as_json(load(case["yaml"], strict=False)) == as_json(case["json"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_strict(case: dict[str, Any]) -> None:
    if case["strict_ok"]:
        assert as_json(load(case["yaml"])) == as_json(case["json"])
    else:
        with pytest.raises(YamlError):
            load(case["yaml"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_as_a_stream(case: dict[str, Any]) -> None:
    source = Source("case.yaml", case["yaml"].encode())
    if case.get("error"):
        with pytest.raises(YamlError):
            load_documents(source, strict=False)
    else:
        documents = load_documents(source, strict=False)
        expected = [case["json"]] if case["json"] is not None else []
        assert [as_json(document.value) for document in documents] == [as_json(value) for value in expected]
