"""Applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.application import Application, Destination, IgnoreDifference, Info

from holkas_compat.argocd.reader.metadata import metadata_of
from holkas_compat.argocd.reader.source import read_hydrator, read_source
from holkas_compat.argocd.reader.sync_policy import read_sync_policy
from holkas_compat.manifest.shape import record, records, text, texts


def read_application(obj: Mapping[str, Any]) -> Application:
    """An Application; fields that are missing or of a wrong type count as empty."""
    operation, status = obj.get("operation"), obj.get("status")
    return Application(
        **metadata_of(obj),
        **read_application_spec(record(obj.get("spec"))),
        operation=operation if isinstance(operation, Mapping) else None,
        status=status if isinstance(status, Mapping) else None,
    )


def read_application_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an Application that its spec says, a template's too. ``sources`` win over ``source``."""
    sources = records(spec.get("sources"))
    policy, hydrator, source = (spec.get(name) for name in ("syncPolicy", "sourceHydrator", "source"))
    limit = spec.get("revisionHistoryLimit")
    return {
        "project": text(spec.get("project")),
        "sources": tuple(map(read_source, sources or ([source] if isinstance(source, Mapping) else []))),
        "multiple": bool(sources),
        "hydrator": read_hydrator(hydrator) if isinstance(hydrator, Mapping) else None,
        "destination": read_destination(record(spec.get("destination"))),
        "sync_policy": read_sync_policy(policy) if isinstance(policy, Mapping) else None,
        "ignore_differences": tuple(map(read_ignore_difference, records(spec.get("ignoreDifferences")))),
        "info": tuple(
            Info(name=text(item.get("name")), value=text(item.get("value")))
            for item in records(spec.get("info"))
        ),
        "history_limit": limit if isinstance(limit, int) and not isinstance(limit, bool) else None,
    }


def read_destination(value: Mapping[str, Any]) -> Destination:
    """A destination."""
    return Destination(
        server=text(value.get("server")), name=text(value.get("name")), namespace=text(value.get("namespace"))
    )


def read_ignore_difference(value: Mapping[str, Any]) -> IgnoreDifference:
    """An entry of ``ignoreDifferences``."""
    return IgnoreDifference(
        group=text(value.get("group")),
        kind=text(value.get("kind")),
        name=text(value.get("name")),
        namespace=text(value.get("namespace")),
        json_pointers=tuple(texts(value.get("jsonPointers"))),
        jq_path_expressions=tuple(texts(value.get("jqPathExpressions"))),
        managers=tuple(texts(value.get("managedFieldsManagers"))),
    )
