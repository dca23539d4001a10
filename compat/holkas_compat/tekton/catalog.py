"""Everything that a run can refer to, by name, out of a set of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.pipeline import Pipeline
from holkas.model.step import StepAction
from holkas.model.task import Task
from holkas.records import dataclass

from holkas_compat.tekton.kubernetes import (
    data_findings,
    is_kubernetes,
    read_config_map,
    read_pull_secrets,
    read_secret,
    read_service_account,
)
from holkas_compat.tekton.unit import Unit

_FIELDS: Mapping[str, str] = {
    "Task": "tasks",
    "Pipeline": "pipelines",
    "StepAction": "step_actions",
    "ConfigMap": "config_maps",
    "Secret": "secrets",
    "PersistentVolumeClaim": "claims",
    "ServiceAccount": "service_accounts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A catalog with the documents behind it.

    units: the document of each kind and name; the first one where several have the same.
    broken: kinds and names of documents with errors: they exist, but what they declare is unknown.
    others: documents of kinds that no run can use here. by_kind: names of all documents, in their order.
    """

    catalog: Catalog = field(default_factory=Catalog)
    units: Mapping[tuple[str, str], Unit] = field(default_factory=dict)
    broken: frozenset[tuple[str, str]] = frozenset()
    others: tuple[Unit, ...] = ()
    by_kind: Mapping[str, list[str]] = field(default_factory=dict)

    def names(self, kind: str) -> list[str]:
        """Names of all documents of a kind."""
        return self.by_kind.get(kind, [])


def build_shelf(units: Iterable[Unit]) -> Shelf:
    """The catalog of these documents. Of several with one kind and name the first counts."""
    found: dict[str, Any] = {name: {} for name in (*_FIELDS.values(), "pull_secrets")}
    known: dict[tuple[str, str], Unit] = {}
    by_kind: dict[str, list[str]] = {}
    broken: set[tuple[str, str]] = set()
    others = []
    for unit in units:
        if not unit.tekton and not is_kubernetes(unit):
            others.append(unit)
            continue
        key = (unit.kind, unit.name)
        if not unit.name or key in known:
            continue
        known[key] = unit
        by_kind.setdefault(unit.kind, []).append(unit.name)
        entry = None if unit.broken else _entry(unit)
        if entry is not None:
            found[_FIELDS[unit.kind]][unit.name] = entry
            if unit.kind == "ServiceAccount":
                found["pull_secrets"][unit.name] = read_pull_secrets(unit.document.value)
        elif unit.kind in _FIELDS:
            broken.add(key)
    return Shelf(
        catalog=Catalog(**found, objects=_objects(others)),
        units=known,
        broken=frozenset(broken),
        others=tuple(others),
        by_kind=by_kind,
    )


def _objects(others: Iterable[Unit]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Documents of other people's kinds, the first of each name: a custom task may be one."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for unit in others:
        if unit.kind and unit.name:
            version = unit.document.value.get("apiVersion")
            found.setdefault((f"{version}/{unit.kind}", unit.name), unit.document.value)
    return found


def _entry(unit: Unit) -> Any:
    """What the catalog holds of a document; None for runs, and where the data cannot be read."""
    document = unit.document.value
    if isinstance(unit.noun, Task | Pipeline | StepAction):
        return unit.noun
    if unit.tekton or any(data_findings(unit)):
        return None
    if unit.kind == "ConfigMap":
        return read_config_map(document)
    if unit.kind == "Secret":
        return read_secret(document, unit.name)
    if unit.kind == "ServiceAccount":
        return read_service_account(document)
    return document
