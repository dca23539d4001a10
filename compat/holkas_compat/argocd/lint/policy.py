"""Sync policies that do what nobody may have meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.finding import Finding, Severity
from holkas.model.path import PathPart

from holkas_compat.argocd.lint.codes import EMPTY_ALLOWED, OPTION_CONFLICT
from holkas_compat.argocd.unit import Unit
from holkas_compat.manifest.shape import record, texts


def check_policy(unit: Unit) -> Iterator[Finding]:
    """The sync policy of an Application, or of an ApplicationSet's template."""
    if unit.object is None or unit.kind not in ("Application", "ApplicationSet"):
        return
    path: tuple[PathPart, ...] = ("spec", "syncPolicy")
    spec = record(unit.object.get("spec"))
    if unit.kind == "ApplicationSet":
        spec = record(record(spec.get("template")).get("spec"))
        path = ("spec", "template", "spec", "syncPolicy")
    policy = record(spec.get("syncPolicy"))
    automated = record(policy.get("automated"))
    if (
        automated.get("prune") is True
        and automated.get("allowEmpty") is True
        and automated.get("enabled") is not False
    ):
        message = "with prune and allowEmpty a source that renders to nothing deletes everything"
        yield unit.finding(
            EMPTY_ALLOWED, message, (*path, "automated", "allowEmpty"), severity=Severity.WARNING, on_key=True
        )
    yield from _conflicts(unit, policy, (*path, "syncOptions"))


def _conflicts(unit: Unit, policy: Mapping[str, Any], path: tuple[PathPart, ...]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for index, option in enumerate(texts(policy.get("syncOptions"))):
        name, _, value = option.partition("=")
        if seen.setdefault(name, value) != value:
            message = f"{name} is given as {seen[name]} and as {value}"
            yield unit.finding(OPTION_CONFLICT, message, (*path, index), severity=Severity.WARNING)
        pair = {"Replace": "ServerSideApply", "ServerSideApply": "Replace"}.get(name)
        if value == "true" and pair is not None and seen.get(pair) == "true":
            message = "Replace=true wins over ServerSideApply=true"
            yield unit.finding(OPTION_CONFLICT, message, (*path, index), severity=Severity.WARNING)
