"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.project import (
    DestinationServiceAccount,
    OrphanedResource,
    OrphanedResources,
    Project,
    ResourceRestriction,
    Role,
    SyncWindow,
)

from holkas_compat.argocd.reader.application import read_destination
from holkas_compat.argocd.reader.metadata import metadata_of
from holkas_compat.manifest.shape import record, records, text, texts


def read_project(obj: Mapping[str, Any]) -> Project:
    """An AppProject; fields that are missing or of a wrong type count as empty."""
    spec = record(obj.get("spec"))
    whitelist = spec.get("namespaceResourceWhitelist")
    orphaned, integrity, status = (
        spec.get("orphanedResources"),
        spec.get("sourceIntegrity"),
        obj.get("status"),
    )
    return Project(
        **metadata_of(obj),
        description=text(spec.get("description")),
        source_repositories=tuple(texts(spec.get("sourceRepos"))),
        source_namespaces=tuple(texts(spec.get("sourceNamespaces"))),
        destinations=tuple(map(read_destination, records(spec.get("destinations")))),
        only_project_clusters=spec.get("permitOnlyProjectScopedClusters") is True,
        destination_service_accounts=tuple(map(_account, records(spec.get("destinationServiceAccounts")))),
        cluster_resource_whitelist=_restrictions(spec.get("clusterResourceWhitelist")),
        cluster_resource_blacklist=_restrictions(spec.get("clusterResourceBlacklist")),
        namespace_resource_whitelist=_restrictions(whitelist) if isinstance(whitelist, list) else None,
        namespace_resource_blacklist=_restrictions(spec.get("namespaceResourceBlacklist")),
        orphaned_resources=_orphaned(orphaned) if isinstance(orphaned, Mapping) else None,
        sync_windows=tuple(map(read_sync_window, records(spec.get("syncWindows")))),
        signature_keys=tuple(text(key.get("keyID")) for key in records(spec.get("signatureKeys"))),
        source_integrity=integrity if isinstance(integrity, Mapping) else None,
        roles=tuple(map(_role, records(spec.get("roles")))),
        status=status if isinstance(status, Mapping) else None,
    )


def read_sync_window(value: Mapping[str, Any]) -> SyncWindow:
    """A sync window."""
    return SyncWindow(
        kind=text(value.get("kind")),
        schedule=text(value.get("schedule")),
        duration=text(value.get("duration")),
        applications=tuple(texts(value.get("applications"))),
        namespaces=tuple(texts(value.get("namespaces"))),
        clusters=tuple(texts(value.get("clusters"))),
        manual_sync=value.get("manualSync") is True,
        time_zone=text(value.get("timeZone")),
        all_must_match=value.get("andOperator") is True,
        description=text(value.get("description")),
        overrun=value.get("syncOverrun") is True,
    )


def _restrictions(value: Any) -> tuple[ResourceRestriction, ...]:
    return tuple(
        ResourceRestriction(
            group=text(item.get("group")), kind=text(item.get("kind")), name=text(item.get("name"))
        )
        for item in records(value)
    )


def _account(value: Mapping[str, Any]) -> DestinationServiceAccount:
    return DestinationServiceAccount(
        server=text(value.get("server")),
        namespace=text(value.get("namespace")),
        account=text(value.get("defaultServiceAccount")),
    )


def _orphaned(value: Mapping[str, Any]) -> OrphanedResources:
    warn = value.get("warn")
    ignore = tuple(
        OrphanedResource(
            group=text(item.get("group")), kind=text(item.get("kind")), name=text(item.get("name"))
        )
        for item in records(value.get("ignore"))
    )
    return OrphanedResources(warn=warn if isinstance(warn, bool) else None, ignore=ignore)


def _role(value: Mapping[str, Any]) -> Role:
    return Role(
        name=text(value.get("name")),
        description=text(value.get("description")),
        policies=tuple(texts(value.get("policies"))),
        groups=tuple(texts(value.get("groups"))),
        tokens=tuple(dict(record(token)) for token in records(value.get("jwtTokens"))),
    )
