"""All rules over a set of documents, in the order of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

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


def lint_units(units: Sequence[Unit]) -> list[Finding]:
    """What is wrong with each document alone and with all of them together."""
    shelf = build_shelf(units)
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
    return found


def _across(unit: Unit, shelf: Shelf, has_run: bool) -> Iterator[Finding]:
    yield from check_references(unit, shelf, has_run=has_run)
    yield from check_step_params(unit, shelf)
    for site in sites(unit, shelf):
        yield from check_task_params(site)
        yield from check_results(site)
        yield from check_workspaces(site)
    yield from check_run(unit, shelf)
