"""Two applications that keep the same resources in the same place."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from holkas.gitops.repository_url import normalize_repository
from holkas.model.application import Application
from holkas.model.application_source import ApplicationSource
from holkas.model.finding import Finding, Severity

from holkas_compat.argocd.lint.codes import SAME_PLACE
from holkas_compat.argocd.lint.shelf import Shelf
from holkas_compat.argocd.unit import Unit


def check_overlap(shelf: Shelf) -> Iterator[tuple[Unit, Finding]]:
    """A finding for the later of two applications with one source and one destination.

    Charts are left out: the names of their resources hold the name of the release, which is the application's.
    """
    first: dict[Hashable, Unit] = {}
    for unit, application in shelf.applications():
        place = shelf.whole(application.destination)
        for index, source in enumerate(application.effective_sources):
            if source.chart or not source.path or "Helm" in source.explicit_types:
                continue
            key = (place.server or place.name, place.namespace, *_source_key(source))
            earlier = first.setdefault(key, unit)
            if earlier is unit:
                continue
            where = f"{earlier.document.source.name}, document {earlier.document.index + 1}"
            message = f'"{earlier.name}" ({where}) keeps the same path in the same destination'
            sure = bool(source.explicit_types)
            path = ("spec", "sources", index, "path") if application.multiple else ("spec", "source", "path")
            yield (
                unit,
                unit.finding(
                    SAME_PLACE,
                    message,
                    path,
                    severity=Severity.WARNING if sure else Severity.HABIT,
                    hint="" if sure else "for a chart it is fine: its resources carry the application's name",
                ),
            )


def _source_key(source: ApplicationSource) -> tuple[Hashable, ...]:
    options = (source.kustomize, source.directory, source.plugin)
    return (
        normalize_repository(source.repository),
        source.path.strip("/").removeprefix("./"),
        *(frozen(value) for value in options),
    )


def frozen(value: Any) -> Hashable:
    """Plain data as something that can be a key."""
    if isinstance(value, Mapping):
        return frozenset((key, frozen(item)) for key, item in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def application_files(application: Application) -> tuple[ApplicationSource, ...]:
    """Sources that may be directories of manifests, other applications among them."""
    return tuple(
        source
        for source in application.effective_sources
        if source.path and not source.chart and set(source.explicit_types) <= {"Directory"}
    )
