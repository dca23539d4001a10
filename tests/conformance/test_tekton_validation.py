"""Tekton's verdicts: what its admission accepts and refuses, and the fields that its errors name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from holkas.yaml import YamlError, load
from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.defaults import apply_defaults
from holkas_compat.tekton.validation import FeatureFlags, Level, validate

from tests.shared import rows

pytestmark = pytest.mark.conformance

EXPORTED = list(rows("tekton", "validation.jsonl"))
GENERATED = list(rows("tekton", "generated", "validation.jsonl"))
SAME_FIELDS = 1.0
"""The part of the refused documents in which all fields are those of Tekton's error; never lower it."""

_PATH = re.compile(
    r"(?:metadata|spec|status|statusMessage|mode|authorities|resources|ResourcePattern|key\[\d+\])(?:[.\[].*)?\Z"
)


def _known() -> frozenset[str]:
    file = Path(__file__).with_name("known_differences.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("difference", [])
    return frozenset(entry["id"] for entry in entries if entry["suite"] == "validation")


KNOWN = _known()


def _fields(error: str) -> set[str]:
    """The fields in Tekton's error: ``message: path1, path2``, then a line of details, for each problem."""
    found: set[str] = set()
    for line in error.split("\n"):
        _, colon, tail = line.rpartition(": ")
        paths = [path for path in tail.split(", ") if path]
        if colon and all(_PATH.match(path) for path in paths):
            found.update(paths)
    return found


def _judge(value: Any, flags: FeatureFlags) -> list[Problem] | None:
    """None where the document cannot even be read."""
    decoded = decode(value)
    if decoded.object is None or not decoded.accepted:
        return None
    return validate(apply_defaults(decoded.object), flags=flags)


def _generated() -> Iterable[tuple[str, Any, FeatureFlags, dict[str, Any]]]:
    for case in GENERATED:
        try:
            value: Any = load(case["yaml"])
        except YamlError:
            value = None
        for level in Level:
            verdict = case["verdict"][level.value]
            if verdict["stage"] != "panic":
                yield f"{case['id']}-{level}", value, FeatureFlags.for_level(level), verdict


def _exported() -> Iterable[tuple[str, Any, FeatureFlags, dict[str, Any]]]:
    for case in EXPORTED:
        yield str(case["id"]), case["object"], FeatureFlags.from_struct(case["featureFlags"]), case


CASES = [*_exported(), *_generated()]


@pytest.mark.parametrize(("name", "value", "flags", "verdict"), CASES, ids=[case[0] for case in CASES])
def test_verdict(name: str, value: Any, flags: FeatureFlags, verdict: dict[str, Any]) -> None:
    problems = _judge(value, flags)
    accepted = problems == []
    if name.partition("-")[0] in KNOWN:
        assert not accepted, "no longer a difference: take it out of known_differences.toml"
    else:
        assert accepted == verdict["ok"], problems


def test_fields_of_refusals() -> None:
    different, refused = [], 0
    for name, value, flags, verdict in CASES:
        if verdict["stage"] != "validate":
            continue
        refused += 1
        found = {field for problem in _judge(value, flags) or () for field in problem.fields if field}
        if found != _fields(verdict["error"]):
            different.append((name, found ^ _fields(verdict["error"])))
    assert refused > 0
    assert 1 - len(different) / refused >= SAME_FIELDS, different
