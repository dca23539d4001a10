"""Applications."""

from __future__ import annotations

from typing import Any

from holkas.model.application import Application, Destination, IgnoreDifference

from holkas_compat.argocd.writer.fields import each, manifest, said
from holkas_compat.argocd.writer.source import write_hydrator, write_source
from holkas_compat.argocd.writer.sync_policy import write_sync_policy


def write_application(application: Application) -> dict[str, Any]:
    """An Application as a manifest."""
    spec = write_application_spec(application)
    return manifest(
        "Application",
        application,
        spec,
        operation=application.operation,
        status=application.status,
    )


def write_application_spec(application: Application) -> dict[str, Any]:
    """The spec alone. The project is written even when it is empty: the field is required."""
    sources = [write_source(source) for source in application.sources]
    policy, hydrator = application.sync_policy, application.hydrator
    return {
        "project": application.project,
        **said(
            source=sources[0] if sources and not application.multiple else None,
            sources=sources if application.multiple else None,
            sourceHydrator=None if hydrator is None else write_hydrator(hydrator),
        ),
        "destination": write_destination(application.destination),
        **said(
            syncPolicy=None if policy is None else write_sync_policy(policy),
            ignoreDifferences=each([_ignored(entry) for entry in application.ignore_differences]),
            info=each([{"name": entry.name, "value": entry.value} for entry in application.info]),
            revisionHistoryLimit=application.history_limit,
        ),
    }


def write_destination(destination: Destination) -> dict[str, Any]:
    """A destination."""
    return said(server=destination.server, name=destination.name, namespace=destination.namespace)


def _ignored(entry: IgnoreDifference) -> dict[str, Any]:
    return {
        **said(group=entry.group),
        "kind": entry.kind,
        **said(
            name=entry.name,
            namespace=entry.namespace,
            jsonPointers=entry.json_pointers,
            jqPathExpressions=entry.jq_path_expressions,
            managedFieldsManagers=entry.managers,
        ),
    }
