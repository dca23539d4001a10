"""Findings for machines: JSON of our own (versioned) and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from holkas import __version__
from holkas.cli.render.findings import Located
from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.DEPRECATION: "warning",
    Severity.HABIT: "note",
    Severity.NOTE: "note",
}


def as_json(items: Sequence[Located]) -> str:
    """``{"apiVersion": "holkas/v1", "kind": "FindingList", "items": […]}``; the page reference/json.md describes it."""
    value = {"apiVersion": "holkas/v1", "kind": "FindingList", "items": [_item(item) for item in items]}
    return json.dumps(value, indent=2)


def _item(item: Located) -> dict[str, Any]:
    finding, position = item.finding, item.position
    found: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.place.source,
        "document": finding.place.document,
        "path": list(finding.place.path),
        "fields": list(finding.fields),
    }
    if position is not None:
        found |= {"line": position.line, "column": position.column, "length": position.length}
        found["excerpt"] = position.excerpt
    if finding.hint:
        found["hint"] = finding.hint
    return found


def as_sarif(items: Sequence[Located], codes: Mapping[str, CodeDoc]) -> str:
    """One SARIF run, as code scanning services read it."""
    used = sorted({item.finding.code for item in items})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": codes[code].title if code in codes else code},
            "fullDescription": {"text": codes[code].text if code in codes else code},
        }
        for code in used
    ]
    driver = {"name": "holkas", "version": __version__, "rules": rules}
    index = {code: number for number, code in enumerate(used)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, index) for item in items],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(item: Located, index: Mapping[str, int]) -> dict[str, Any]:
    finding, position = item.finding, item.position
    message = finding.message + (f" ({finding.hint})" if finding.hint else "")
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.place.source)}}
    if position is not None:
        location["region"] = {
            "startLine": position.line,
            "startColumn": position.column,
            "endColumn": position.column + position.length,
        }
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }
