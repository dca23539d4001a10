"""All rules over a set of documents, in the order of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from holkas.model.finding import Finding

from holkas_compat.tekton.catalog import Shelf, build_shelf
from holkas_compat.tekton.kubernetes import data_findings, is_kubernetes
from holkas_compat.tekton.lint.duplicates import check_duplicates
from holkas_compat.tekton.lint.references import check_references
from holkas_compat.tekton.lint.results import check_results
from holkas_compat.tekton.lint.rules.registry import judge
from holkas_compat.tekton.lint.runs import check_run
from holkas_compat.tekton.lint.site import sites
from holkas_compat.tekton.lint.tasks import check_step_params, check_task_params
from holkas_compat.tekton.lint.workspaces import check_workspaces
from holkas_compat.tekton.unit import Unit

if TYPE_CHECKING:
    from holkas_compat.tekton.remote.remote import Remote


def lint_units(units: Sequence[Unit], remote: Remote | None = None) -> list[Finding]:
    """What is wrong with each document alone and with all of them together. remote: follows references elsewhere."""
    shelf = build_shelf(units)
    unresolved: defaultdict[tuple[str, int], list[Finding]] = defaultdict(list)
    if remote is not None:
        shelf, lost = resolved(units, shelf, remote)
        for finding in lost:
            unresolved[finding.place.source, finding.place.document].append(finding)
    with_run = {unit.document.source.name for unit in units if unit.kind in ("TaskRun", "PipelineRun")}
    duplicates: defaultdict[int, list[Finding]] = defaultdict(list)
    for index, finding in check_duplicates(units):
        duplicates[index].append(finding)
    judged = judge(units)
    found: list[Finding] = []
    for index, unit in enumerate(units):
        found += unit.findings
        found += duplicates.get(index, ())
        if is_kubernetes(unit):
            found += data_findings(unit)
        if not unit.broken:
            found += _across(unit, shelf, unit.document.source.name in with_run)
        found += judged.get(index, ())
        found += unresolved.get((unit.document.source.name, unit.document.index), ())
    return found


def resolved(units: Sequence[Unit], shelf: Shelf, remote: Remote) -> tuple[Shelf, list[Finding]]:
    """The shelf with what references elsewhere lead to, and those that lead nowhere."""
    from holkas_compat.tekton.remote.walk import Walk

    walk = Walk(shelf, remote)
    for unit in units:
        if not unit.broken:
            walk.judge(unit)
    return walk.shelf(), walk.findings


def _across(unit: Unit, shelf: Shelf, has_run: bool) -> Iterator[Finding]:
    yield from check_references(unit, shelf, has_run=has_run)
    yield from check_step_params(unit, shelf)
    for site in sites(unit, shelf):
        yield from check_task_params(site)
        yield from check_results(site)
        yield from check_workspaces(site)
    yield from check_run(unit, shelf)
