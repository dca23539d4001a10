"""Where triggers stand: a Trigger, the entries of a listener, its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.path import DocumentPath
from holkas.records import dataclass

from holkas_compat.tekton.triggers.model import Group, Trigger
from holkas_compat.tekton.triggers.reader import names, read_listener
from holkas_compat.tekton.triggers.shelf import Shelf
from holkas_compat.tekton.unit import Unit


@dataclass(frozen=True, slots=True)
class Site:
    """A trigger or a group at ``path`` in a document; ``written``: its manifest there."""

    unit: Unit
    path: DocumentPath
    trigger: Trigger | Group
    written: Mapping[str, Any]


def sites(unit: Unit, shelf: Shelf) -> Iterator[Site]:
    """The triggers and groups of a document."""
    name, namespace = names(unit.document.value)
    spec = unit.document.value.get("spec") or {}
    if unit.kind == "Trigger":
        yield Site(unit, ("spec",), shelf.triggers[namespace, name], spec)
    elif unit.kind == "EventListener":
        listener = read_listener(shelf.objects[unit.kind, namespace, name])
        for index, trigger in enumerate(listener.triggers):
            yield Site(unit, ("spec", "triggers", index), trigger, spec["triggers"][index])
        for index, group in enumerate(listener.groups):
            yield Site(unit, ("spec", "triggerGroups", index), group, spec["triggerGroups"][index])
