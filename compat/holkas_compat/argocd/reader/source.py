"""Sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.application_source import ApplicationSource, SourceHydrator

from holkas_compat.manifest.shape import record, text

_RENDERERS = ("helm", "kustomize", "directory", "plugin")


def read_source(value: Mapping[str, Any]) -> ApplicationSource:
    """A source, or a hydrator's dry source; fields that are missing or of a wrong type count as empty."""
    return ApplicationSource(
        repository=text(value.get("repoURL")),
        path=text(value.get("path")),
        revision=text(value.get("targetRevision")),
        chart=text(value.get("chart")),
        ref=text(value.get("ref")),
        name=text(value.get("name")),
        tag_prefix=text(value.get("tagPrefix")),
        **{name: value[name] for name in _RENDERERS if isinstance(value.get(name), Mapping)},
    )


def read_hydrator(value: Mapping[str, Any]) -> SourceHydrator:
    """A source hydrator."""
    sync = record(value.get("syncSource"))
    return SourceHydrator(
        dry_source=read_source(record(value.get("drySource"))),
        sync_branch=text(sync.get("targetBranch")),
        sync_path=text(sync.get("path")),
        hydrate_to=text(record(value.get("hydrateTo")).get("targetBranch")),
    )
