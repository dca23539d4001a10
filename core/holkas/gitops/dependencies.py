"""Which applications wait for which: ``dependsOn`` by an annotation of ours, which Argo CD ignores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.gitops.annotations import DEPENDS_ON, listed
from holkas.gitops.status import SyncStatus
from holkas.model.health import HealthStatus
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """layers: names that can be synced at once, one layer after another. cycles: rings of names that wait for each other,
    which are in no layer. missing: name, and what it waits for that nobody knows."""

    layers: tuple[tuple[str, ...], ...]
    cycles: tuple[tuple[str, ...], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()


def dependencies_of(application: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that an application waits for."""
    return tuple(dict.fromkeys(listed(application, DEPENDS_ON)))


def order(depends: Mapping[str, Iterable[str]]) -> Order:
    """The order of applications by name; within a layer in the order in which they were given."""
    needs = {name: {other for other in others if other in depends} for name, others in depends.items()}
    missing = tuple(
        (name, other) for name, others in depends.items() for other in others if other not in depends
    )
    layers: list[tuple[str, ...]] = []
    done: set[str] = set()
    waiting = dict(needs)
    while layer := tuple(name for name, others in waiting.items() if others <= done):
        layers.append(layer)
        done.update(layer)
        waiting = {name: others for name, others in waiting.items() if name not in done}
    return Order(layers=tuple(layers), cycles=_cycles(waiting), missing=missing)


def _cycles(waiting: Mapping[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    """One ring for each group of names that wait for each other, beginning with the first name of it."""
    rings: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in waiting:
        path: list[str] = []
        name = start
        while name not in path and name not in seen:
            path.append(name)
            name = next(iter(sorted(waiting[name] & waiting.keys())), name)
        if name in path:
            rings.append(tuple(path[path.index(name) :]))
        seen.update(path)
    return tuple(rings)


def waits_for(
    dependencies: Iterable[str], statuses: Mapping[str, tuple[SyncStatus, HealthStatus]]
) -> tuple[str, ...]:
    """Those that are not synced and healthy yet, unknown ones among them."""
    ready = (SyncStatus.SYNCED, HealthStatus.HEALTHY)
    return tuple(name for name in dependencies if statuses.get(name) != ready)
