"""The runs of a set of documents, with their catalog and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from holkas.extensions.importer import Loaded, RunWish
from holkas.model.finding import Finding, Severity
from holkas.model.pipeline import Pipeline
from holkas.model.run import PipelineRun, Run, TaskRun
from holkas.model.task import Task
from holkas.yaml.source import Document

from holkas_compat.tekton.catalog import Shelf, build_shelf
from holkas_compat.tekton.kubernetes import data_findings, is_kubernetes
from holkas_compat.tekton.lint.declared import run_declares
from holkas_compat.tekton.lint.duplicates import check_duplicates
from holkas_compat.tekton.load.names import name_maker
from holkas_compat.tekton.load.reachable import custom_run_problems, unreachable
from holkas_compat.tekton.load.wishes import Prepared, apply_wish, with_wishes, without_value
from holkas_compat.tekton.parse import parse
from holkas_compat.tekton.reader import read_custom_run
from holkas_compat.tekton.unit import Unit

if TYPE_CHECKING:
    from holkas_compat.tekton.remote.remote import Remote
    from holkas_compat.tekton.remote.walk import Walk


_RUNS = ("TaskRun", "PipelineRun", "CustomRun")


def load(documents: Sequence[Document], wish: RunWish, remote: Remote | None = None) -> Loaded:
    """Every run of the documents in their order, or one of the only Pipeline or Task, or of the one that is wished for.

    Runs are returned beside errors that concern only a reference or the wish, so that a caller may still show
    or try them; a document that Tekton would refuse yields none. remote: follows references through resolvers.
    """
    units = parse(documents, wish.level)
    shelf = build_shelf(units)
    shelf = replace(shelf, catalog=replace(shelf.catalog, custom_tasks=wish.custom_tasks))
    findings, doubles = _document_findings(units)
    prepared: list[Prepared] = []
    runs: list[Run] = []
    make_name = name_maker(wish.seed)
    if not wish.name and any(unit.tekton and unit.kind in _RUNS for unit in units):
        created = [unit for index, unit in enumerate(units) if index not in doubles and not unit.broken]
        walk = _walk(documents, shelf, remote)
        named = [(unit, run) for unit in created if (run := _created(unit, make_name)) is not None]
        if walk is not None:
            named = [(unit, walk.begin(unit, run, with_wishes(run, wish))) for unit, run in named]
            shelf = walk.shelf()
        prepared = [(unit, run, run_declares(run, shelf)) for unit, run in named]
        runs, problems = apply_wish(prepared, wish)
        findings += problems
    else:
        from holkas_compat.tekton.load.synthetic import choose, synthesise

        walk = _walk(documents, shelf, remote)
        chosen, problems = choose(units, wish)
        findings += problems
        if chosen is not None and isinstance(chosen.noun, Pipeline | Task) and not chosen.broken:
            run, problems = synthesise(chosen.noun, chosen, wish, make_name)
            declared = run_declares(run, shelf)
            prepared = [(chosen, run, declared)]
            runs, more = apply_wish(prepared, wish)
            findings += problems + more
            if declared is not None:
                findings += without_value(chosen, runs[0], declared)
    if walk is not None:
        for (unit, _, _), run in zip(prepared, runs, strict=True):
            walk.run(unit, run)
        findings += walk.findings
        shelf = walk.with_late()
    seen: set[tuple[str, str]] = set()
    for unit, run, _ in prepared:
        findings += unreachable(unit, shelf, seen)
        if isinstance(run, TaskRun) and run.custom_kind:
            findings += custom_run_problems(unit, run, shelf)
    return Loaded(runs=tuple(runs), catalog=shelf.catalog, findings=tuple(_in_order(findings, documents)))


def _walk(documents: Sequence[Document], shelf: Shelf, remote: Remote | None) -> Walk | None:
    """What follows references through resolvers; None where no text speaks of one."""
    sources = {id(document.source): document.source for document in documents}.values()
    if not any(b"resolver" in source.data for source in sources):
        return None
    from holkas_compat.tekton.remote.remote import Remote
    from holkas_compat.tekton.remote.walk import Walk

    return Walk(shelf, remote or Remote(None, None))


def _created(unit: Unit, make_name: Callable[[str], str]) -> Run | None:
    """The run of a document, with its final name."""
    run = unit.noun
    if unit.kind == "CustomRun" and unit.object is not None:
        run = read_custom_run(unit.object)
    if not isinstance(run, TaskRun | PipelineRun):
        return None
    if not run.name:
        base = run.metadata.get("generateName") or f"{unit.kind.lower()}-"
        run = replace(run, name=make_name(base))
    return run


def _document_findings(units: Sequence[Unit]) -> tuple[list[Finding], set[int]]:
    """Errors of the documents, and which documents come second under a name that is taken."""
    findings = [finding for unit in units for finding in unit.findings if finding.severity is Severity.ERROR]
    for unit in units:
        if is_kubernetes(unit):
            findings += data_findings(unit)
    doubles = dict(check_duplicates(units))
    return [*findings, *doubles.values()], set(doubles)


def _in_order(findings: list[Finding], documents: Sequence[Document]) -> list[Finding]:
    order = {(document.source.name, document.index): at for at, document in enumerate(documents)}
    return sorted(findings, key=lambda finding: order[finding.place.source, finding.place.document])
