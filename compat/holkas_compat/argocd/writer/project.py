"""Projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holkas.model.project import OrphanedResources, Project, ResourceRestriction, Role, SyncWindow

from holkas_compat.argocd.writer.application import write_destination
from holkas_compat.argocd.writer.fields import each, flag, manifest, said


def write_project(project: Project) -> dict[str, Any]:
    """An AppProject as a manifest."""
    allowed = project.namespace_resource_whitelist
    orphaned = project.orphaned_resources
    spec = said(
        description=project.description,
        sourceRepos=project.source_repositories,
        sourceNamespaces=project.source_namespaces,
        destinations=each([write_destination(place) for place in project.destinations]),
        permitOnlyProjectScopedClusters=flag(project.only_project_clusters),
        destinationServiceAccounts=each(
            [
                {
                    "server": entry.server,
                    **said(namespace=entry.namespace),
                    "defaultServiceAccount": entry.account,
                }
                for entry in project.destination_service_accounts
            ]
        ),
        clusterResourceWhitelist=each(_restrictions(project.cluster_resource_whitelist)),
        clusterResourceBlacklist=each(_restrictions(project.cluster_resource_blacklist)),
        namespaceResourceWhitelist=None if allowed is None else _restrictions(allowed),
        namespaceResourceBlacklist=each(_restrictions(project.namespace_resource_blacklist)),
        orphanedResources=None if orphaned is None else _orphaned(orphaned),
        syncWindows=each([write_sync_window(window) for window in project.sync_windows]),
        signatureKeys=each([{"keyID": key} for key in project.signature_keys]),
        sourceIntegrity=project.source_integrity,
        roles=each([_role(role) for role in project.roles]),
    )
    return manifest("AppProject", project, spec, status=project.status)


def write_sync_window(window: SyncWindow) -> dict[str, Any]:
    """A sync window."""
    return said(
        kind=window.kind,
        schedule=window.schedule,
        duration=window.duration,
        timeZone=window.time_zone,
        applications=window.applications,
        namespaces=window.namespaces,
        clusters=window.clusters,
        andOperator=flag(window.all_must_match),
        manualSync=flag(window.manual_sync),
        syncOverrun=flag(window.overrun),
        description=window.description,
    )


def _restrictions(entries: Sequence[ResourceRestriction]) -> list[dict[str, Any]]:
    return [{"group": entry.group, "kind": entry.kind, **said(name=entry.name)} for entry in entries]


def _orphaned(value: OrphanedResources) -> dict[str, Any]:
    ignored = [said(group=entry.group, kind=entry.kind, name=entry.name) for entry in value.ignore]
    return said(warn=value.warn, ignore=each(ignored))


def _role(role: Role) -> dict[str, Any]:
    return {
        "name": role.name,
        **said(
            description=role.description,
            policies=role.policies,
            groups=role.groups,
            jwtTokens=each([dict(token) for token in role.tokens]),
        ),
    }
