"""Projects: what the applications of a team may use, and when they may be synced, as Argo CD means it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.application import Destination
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRestriction:
    """Resources of a kind; group, kind and name are globs, an empty name stands for all."""

    group: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWindow:
    """A time in which applications may be synced (``allow``) or may not (``deny``).

    schedule: when it opens, cron with five fields. duration: how long it is open, as written (``1h30m``).
    time_zone: IANA name, empty for UTC. applications, namespaces, clusters: globs; a match of one of them is enough,
    with ``all_must_match`` of each that is set.
    manual_sync: a person may sync nevertheless. overrun: a sync that is going on may end after the window.
    """

    kind: str
    schedule: str
    duration: str
    applications: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    manual_sync: bool = False
    time_zone: str = ""
    all_must_match: bool = False
    description: str = ""
    overrun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanedResource:
    """Resources that nobody needs to own; globs, empty stands for all."""

    group: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanedResources:
    """Resources of the namespace that no application owns are looked for. warn: None where it is not said."""

    warn: bool | None = None
    ignore: tuple[OrphanedResource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationServiceAccount:
    """The account as which resources are written to destinations that match."""

    server: str
    account: str
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of the project. tokens: as in the manifest, without the tokens themselves."""

    name: str
    description: str = ""
    policies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tokens: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a project permits. Of sources and destinations, those that begin with ``!`` are denied.

    namespace_resource_whitelist: None, which permits every kind, differs from an empty one, which permits none.
    source_integrity: as in the manifest.
    labels, annotations, finalizers: of its metadata; metadata: what else stood there.
    """

    name: str
    namespace: str = ""
    description: str = ""
    source_repositories: tuple[str, ...] = ()
    source_namespaces: tuple[str, ...] = ()
    destinations: tuple[Destination, ...] = ()
    only_project_clusters: bool = False
    destination_service_accounts: tuple[DestinationServiceAccount, ...] = ()
    cluster_resource_whitelist: tuple[ResourceRestriction, ...] = ()
    cluster_resource_blacklist: tuple[ResourceRestriction, ...] = ()
    namespace_resource_whitelist: tuple[ResourceRestriction, ...] | None = None
    namespace_resource_blacklist: tuple[ResourceRestriction, ...] = ()
    orphaned_resources: OrphanedResources | None = None
    sync_windows: tuple[SyncWindow, ...] = ()
    signature_keys: tuple[str, ...] = ()
    source_integrity: Mapping[str, Any] | None = None
    roles: tuple[Role, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    status: Mapping[str, Any] | None = None
