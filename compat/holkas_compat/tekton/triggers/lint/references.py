"""References to bindings, templates and triggers."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding
from holkas.model.path import DocumentPath

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.triggers.codes import UNKNOWN_REFERENCE
from holkas_compat.tekton.triggers.lint.sites import Site
from holkas_compat.tekton.triggers.model import Group
from holkas_compat.tekton.triggers.shelf import Shelf


def check_references(site: Site, shelf: Shelf) -> Iterator[Finding]:
    """Everything that a trigger names is among the documents."""
    trigger = site.trigger
    if isinstance(trigger, Group):
        return
    if trigger.ref and shelf.trigger(trigger.namespace, trigger.ref) is None:
        yield _finding(site, shelf, "Trigger", trigger.ref, ("triggerRef",))
    if trigger.template_ref and shelf.template(trigger.namespace, trigger.template_ref) is None:
        yield _finding(site, shelf, "TriggerTemplate", trigger.template_ref, ("template", "ref"))
    for index, entry in enumerate(trigger.bindings):
        if entry.ref and shelf.binding(entry.kind, trigger.namespace, entry.ref) is None:
            yield _finding(site, shelf, entry.kind, entry.ref, ("bindings", index, "ref"))


def _finding(site: Site, shelf: Shelf, kind: str, name: str, path: DocumentPath) -> Finding:
    known = [other for known_kind, _, other in shelf.objects if known_kind == kind]
    broken = any(unit.kind == kind and unit.name == name for unit in shelf.units)
    message = f'{kind} "{name}" {"has errors" if broken else "is in none of the files"}'
    hint = did_you_mean(name, known)
    return site.unit.finding(UNKNOWN_REFERENCE, message, (*site.path, *path), hint=hint)
