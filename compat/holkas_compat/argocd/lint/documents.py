"""All rules over a set of documents, in the order of the files."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.finding import Finding

from holkas_compat.argocd.unit import Unit


def lint_units(units: Sequence[Unit]) -> list[Finding]:
    """What is wrong with each document alone and with all of them together."""
    return [finding for unit in units for finding in unit.findings]
