"""Tekton's verdicts on the shape of documents: what it reads, what it refuses, and which field it names."""

from __future__ import annotations

import re
from typing import Any

import pytest
from holkas.yaml import YamlError, load
from holkas_compat.tekton.decode import decode

from tests.shared import rows

pytestmark = pytest.mark.conformance

EXPORTED = list(rows("tekton", "validation.jsonl"))
GENERATED = list(rows("tekton", "generated", "validation.jsonl"))
UNREADABLE = ("parse", "decode")
_FIELD = re.compile(r"into (?:Go struct field )?\w+\.(\S+) of type")
_UNKNOWN = re.compile(r'unknown field "(\w+)"')


@pytest.mark.parametrize("case", EXPORTED, ids=lambda case: str(case["id"]))
def test_exported_objects(case: dict[str, Any]) -> None:
    decoded = decode(case["object"])
    assert decoded.accepted == (case["stage"] not in UNREADABLE), decoded.problems


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case["id"])
def test_generated_manifests(case: dict[str, Any]) -> None:
    """Duplicate keys are let through here, as by Tekton's admission; refusing them is the loader's own choice."""
    stages = {verdict["stage"] for verdict in case["verdict"].values()}
    try:
        value = load(case["yaml"], strict=False)
    except YamlError:
        assert stages == {"parse"}
        return
    assert "parse" not in stages
    decoded = decode(value)
    assert decoded.accepted == ("decode" not in stages), decoded.problems
    if not decoded.accepted:
        assert _names_the_field(case["verdict"]["beta"]["error"], decoded.problems)


def _names_the_field(error: str, problems: list[Any]) -> bool:
    if match := _FIELD.search(error):
        return any(match[1] in problem.fields for problem in problems)
    if match := _UNKNOWN.search(error):
        return any(problem.path[-1] == match[1] and problem.on_key for problem in problems)
    return bool(problems)
