"""The documents of a set that belong to Triggers, judged one by one and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeVar

from holkas.model.finding import Finding, Severity
from holkas.records import dataclass
from holkas.yaml.source import Document

from holkas_compat.manifest.finding import finding_of
from holkas_compat.tekton.triggers.decode import decode_trigger_document
from holkas_compat.tekton.triggers.defaults import with_defaults
from holkas_compat.tekton.triggers.group import is_trigger_document
from holkas_compat.tekton.triggers.model import Listener, Template, Trigger
from holkas_compat.tekton.triggers.reader import (
    names,
    read_binding,
    read_listener,
    read_template,
    read_trigger,
)
from holkas_compat.tekton.triggers.validation import validate
from holkas_compat.tekton.unit import Unit

Key = tuple[str, str, str]
"""Kind, namespace and name."""


@dataclass(slots=True)
class Shelf:
    """What was read. ``units``: every document of Triggers with its findings; ``objects``: with defaults, by key."""

    units: list[Unit] = field(default_factory=list)
    objects: dict[Key, dict[str, Any]] = field(default_factory=dict)
    documents: dict[Key, Unit] = field(default_factory=dict)
    listeners: dict[tuple[str, str], Listener] = field(default_factory=dict)
    triggers: dict[tuple[str, str], Trigger] = field(default_factory=dict)
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    bindings: dict[Key, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """Of all documents, in their order."""
        return [finding for unit in self.units for finding in unit.findings]

    def trigger(self, namespace: str, name: str) -> Trigger | None:
        """A Trigger; one of another namespace where there is none in this."""
        return find(self.triggers, namespace, name)

    def template(self, namespace: str, name: str) -> Template | None:
        """A TriggerTemplate, likewise."""
        return find(self.templates, namespace, name)

    def binding(self, kind: str, namespace: str, name: str) -> tuple[tuple[str, str], ...] | None:
        """The params of a TriggerBinding or ClusterTriggerBinding, likewise."""
        own = {(space, known): params for (k, space, known), params in self.bindings.items() if k == kind}
        return find(own, namespace, name)


Read = TypeVar("Read")


def find(known: Mapping[tuple[str, str], Read], namespace: str, name: str) -> Read | None:
    """By namespace and name; files often leave the namespace to whoever applies them, so any will do."""
    exact = known.get((namespace, name))
    if exact is not None:
        return exact
    return next((value for (_, other), value in known.items() if other == name), None)


def build_shelf(documents: Iterable[Document]) -> Shelf:
    """Judge and read every document of Triggers. Of several with one kind and name the first counts."""
    shelf = Shelf()
    for document in documents:
        if is_trigger_document(document.value):
            _put(shelf, document)
    return shelf


def _put(shelf: Shelf, document: Document) -> None:
    decoded = decode_trigger_document(document.value)
    problems = list(decoded.problems)
    obj: dict[str, Any] | None = None
    if decoded.object is not None and decoded.accepted:
        obj = with_defaults(decoded.object)
        problems += validate(obj)
    findings: Sequence[Finding] = [finding_of(document, problem) for problem in problems]
    name, namespace = names(document.value)
    unit = Unit(document=document, kind=decoded.kind, name=name, tekton=False, findings=tuple(findings))
    shelf.units.append(unit)
    key = (decoded.kind, namespace, name)
    if obj is None or key in shelf.objects or any(item.severity is Severity.ERROR for item in findings):
        return
    shelf.objects[key] = obj
    shelf.documents[key] = unit
    _read(shelf, key, obj)


def _read(shelf: Shelf, key: Key, obj: dict[str, Any]) -> None:
    kind, namespace, name = key
    if kind == "EventListener":
        shelf.listeners[namespace, name] = read_listener(obj)
    elif kind == "Trigger":
        shelf.triggers[namespace, name] = read_trigger(obj)
    elif kind == "TriggerTemplate":
        shelf.templates[namespace, name] = read_template(obj)
    elif kind in ("TriggerBinding", "ClusterTriggerBinding"):
        shelf.bindings[key] = read_binding(obj)
