"""All rules over a set of documents, in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from holkas.model.finding import Finding

from holkas_compat.argocd.lint.cycles import check_cycles
from holkas_compat.argocd.lint.duplicates import check_duplicates
from holkas_compat.argocd.lint.overlap import check_overlap
from holkas_compat.argocd.lint.permission import check_permission
from holkas_compat.argocd.lint.policy import check_policy
from holkas_compat.argocd.lint.production import check_production
from holkas_compat.argocd.lint.projects import check_project
from holkas_compat.argocd.lint.shelf import Shelf, build_shelf
from holkas_compat.argocd.unit import Unit

_ALONE: tuple[Callable[[Unit], Iterator[Finding]], ...] = (check_policy, check_production, check_project)
_TOGETHER: tuple[Callable[[Shelf], Iterator[tuple[Unit, Finding]]], ...] = (
    check_duplicates,
    check_permission,
    check_overlap,
    check_cycles,
)


def lint_units(units: Sequence[Unit]) -> list[Finding]:
    """What is wrong with each document alone and with all of them together."""
    shelf = build_shelf(units)
    found: dict[int, list[Finding]] = {id(unit): list(unit.findings) for unit in units}
    for check in _TOGETHER:
        for unit, finding in check(shelf):
            found[id(unit)].append(finding)
    for unit in units:
        for rule in _ALONE:
            found[id(unit)] += rule(unit)
    return [finding for unit in units for finding in found[id(unit)]]
