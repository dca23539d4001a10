"""All rules over a set of documents, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from holkas.model.finding import Finding
from holkas.yaml.source import Document

from holkas_compat.tekton.triggers.lint.interceptors import check_interceptors
from holkas_compat.tekton.triggers.lint.params import check_binding_paths, check_params, check_scripts
from holkas_compat.tekton.triggers.lint.references import check_references
from holkas_compat.tekton.triggers.lint.sites import sites
from holkas_compat.tekton.triggers.shelf import Shelf, build_shelf
from holkas_compat.tekton.unit import Unit


def lint_triggers(documents: Sequence[Document]) -> list[Finding]:
    """The findings in those of the documents that belong to Triggers; a Task may stand among them."""
    return lint_shelf(build_shelf(documents), documents)


def lint_shelf(shelf: Shelf, documents: Iterable[Document]) -> list[Finding]:
    """The same for documents that were read already."""
    found = shelf.findings
    for key, unit in shelf.documents.items():
        found += _across(unit, shelf, key[0])
    order = {(document.source.name, document.index): place for place, document in enumerate(documents)}
    return sorted(found, key=lambda finding: order[finding.place.source, finding.place.document])


def _across(unit: Unit, shelf: Shelf, kind: str) -> Iterator[Finding]:
    if kind in ("TriggerBinding", "ClusterTriggerBinding"):
        yield from check_binding_paths(unit)
    if kind == "TriggerTemplate":
        yield from check_scripts(unit, ("spec",))
    for site in sites(unit, shelf):
        yield from check_references(site, shelf)
        yield from check_interceptors(site)
        yield from check_params(site, shelf)
