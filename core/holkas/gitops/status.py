"""The status of an application: whether it is in sync, how it is, and since when (Argo CD, application status)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Any

from holkas.gitops.annotations import COMPARE_OPTIONS, IGNORE_HEALTH_CHECK, annotation, listed
from holkas.gitops.diff import CompareSettings, compare
from holkas.gitops.health import HealthOverride, application_health, judge
from holkas.gitops.hooks import is_hook, is_ignored, is_skipped
from holkas.gitops.order import wave_of
from holkas.gitops.plan import reconciled
from holkas.gitops.sync_options import needs_delete_confirmation
from holkas.model.health import Health, HealthStatus
from holkas.model.resource import ResourceKey
from holkas.records import dataclass

Manifest = Mapping[str, Any]


class SyncStatus(StrEnum):
    """Whether live resources are as desired."""

    SYNCED = "Synced"
    OUT_OF_SYNC = "OutOfSync"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceStatus:
    """One resource. requires_pruning: live, and no longer desired. counts: whether it makes the application OutOfSync."""

    key: ResourceKey
    status: SyncStatus | None
    health: Health | None = None
    wave: int = 0
    hook: bool = False
    requires_pruning: bool = False
    requires_confirmation: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationStatus:
    """What a look at an application found. conditions: type and message, as in Argo CD (``ComparisonError`` …)."""

    sync: SyncStatus
    health: HealthStatus
    resources: tuple[ResourceStatus, ...] = ()
    conditions: tuple[tuple[str, str], ...] = field(default_factory=tuple)


def application_status(
    desired: Iterable[Manifest],
    live: Mapping[ResourceKey, Manifest],
    settings: CompareSettings | None = None,
    *,
    health: HealthOverride | None = None,
    conditions: Iterable[tuple[str, str]] = (),
    forbidden: Collection[ResourceKey] = (),
) -> ApplicationStatus:
    """Compares and judges every resource. live: what belongs to the application, by key.

    conditions: what went wrong on the way; a ComparisonError makes the sync status and the health unknown, because then
    nothing that was found can be trusted. forbidden: of kinds that the project does not permit: their own status is
    Unknown, whatever they make of the application's.
    """
    wanted = [manifest for manifest in desired if not is_ignored(manifest) and not is_skipped(manifest)]
    chosen = settings if settings is not None else CompareSettings()
    told = tuple(conditions)
    failed = any(kind.endswith("Error") for kind, _ in told)
    resources = [
        _resource(key, target, found, chosen, health, failed)
        for key, target, found in reconciled(wanted, live)
    ]
    hooks = [_hook(manifest, live) for manifest in wanted if is_hook(manifest)]
    total = application_health(
        None if part.health is None else part.health.status for part in resources if not part.hook
    )
    sync = SyncStatus.UNKNOWN if failed else _total(resources)
    if forbidden:
        resources = [
            replace(part, status=SyncStatus.UNKNOWN) if part.key in forbidden else part for part in resources
        ]
    return ApplicationStatus(
        sync=sync,
        health=HealthStatus.UNKNOWN if failed else total,
        resources=(*resources, *hooks),
        conditions=told,
    )


def _total(resources: Iterable[ResourceStatus]) -> SyncStatus:
    out = any(part.status is SyncStatus.OUT_OF_SYNC and part.counts for part in resources)
    return SyncStatus.OUT_OF_SYNC if out else SyncStatus.SYNCED


def _resource(
    key: ResourceKey,
    target: Manifest | None,
    live: Manifest | None,
    settings: CompareSettings,
    health: HealthOverride | None,
    failed: bool,
) -> ResourceStatus:
    manifest = target if target is not None else live or {}
    prune = target is None and live is not None
    if is_hook(manifest):
        return ResourceStatus(key=key, status=None, hook=True, counts=False)
    different = target is None or live is None or compare(target, live, settings).modified
    return ResourceStatus(
        key=key,
        status=SyncStatus.UNKNOWN if failed else SyncStatus.OUT_OF_SYNC if different else SyncStatus.SYNCED,
        health=_health(target, live, health),
        wave=wave_of(manifest),
        requires_pruning=prune,
        requires_confirmation=needs_delete_confirmation(live),
        counts=not (prune and "IgnoreExtraneous" in listed(live, COMPARE_OPTIONS)),
    )


def _health(target: Manifest | None, live: Manifest | None, override: HealthOverride | None) -> Health | None:
    if live is None:
        return Health(status=HealthStatus.MISSING)
    if "true" in (annotation(live, IGNORE_HEALTH_CHECK), annotation(target, IGNORE_HEALTH_CHECK)):
        return None
    return judge(live, override)


def _hook(manifest: Manifest, live: Mapping[ResourceKey, Manifest]) -> ResourceStatus:
    from holkas.model.sync import key_of

    key = key_of(manifest)
    found = live.get(key)
    return ResourceStatus(
        key=key,
        status=None,
        health=None if found is None else judge(found),
        wave=wave_of(manifest),
        hook=True,
        counts=False,
    )


def since(previous: tuple[str, float] | None, status: str, now: float) -> float:
    """When a status began: ``previous`` is the last one with its beginning; it goes on only where nothing changed."""
    return previous[1] if previous is not None and previous[0] == status else now
