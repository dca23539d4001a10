"""Whether an application is synced without being asked (Argo CD, "Automated Sync Policy")."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

from holkas.gitops.status import ApplicationStatus, ResourceStatus, SyncStatus
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase
from holkas.model.sync_policy import SyncPolicy
from holkas.records import dataclass

HEAL_FIRST_SECONDS, HEAL_FACTOR, HEAL_LONGEST_SECONDS = 2.0, 3, 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSync:
    """The operation before. source: whatever makes two sources equal. heals: how often the same revision was healed."""

    phase: OperationPhase
    revisions: tuple[str, ...]
    source: Hashable
    finished_at: float
    message: str = ""
    heals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoSync:
    """The decision. reason: why not, in one sentence; empty where it syncs. error: the reason is one to be shown as a
    condition (``SyncError``). resources: only these; empty for all. retry_after: seconds until it is worth asking again.
    """

    sync: bool
    reason: str = ""
    error: bool = False
    resources: tuple[ResourceKey, ...] = field(default_factory=tuple)
    heals: int = 0
    retry_after: float | None = None


def decide(
    policy: SyncPolicy | None,
    status: ApplicationStatus,
    *,
    revisions: tuple[str, ...],
    source: Hashable,
    last: LastSync | None,
    now: float,
    running: bool = False,
    deleting: bool = False,
) -> AutoSync:
    """Whether to start a sync now. revisions: resolved ones that are desired. running: an operation goes on already."""
    refused = _refusal(policy, status, running, deleting)
    if refused or policy is None:
        return AutoSync(sync=False, reason=refused)
    out = tuple(part.key for part in _out_of_sync(status))
    heals = 0
    resources: tuple[ResourceKey, ...] = ()
    if last is not None and last.revisions == revisions and last.source == source:
        if last.phase is not OperationPhase.SUCCEEDED:
            text = f"the last attempt to sync to {', '.join(revisions)} failed: {last.message}"
            return AutoSync(sync=False, reason=text, error=True)
        if not policy.heals:
            return AutoSync(sync=False, reason="this revision was synced already, and selfHeal is off")
        wait = heal_delay(last.heals) - (now - last.finished_at)
        if wait > 0:
            return AutoSync(sync=False, reason="waiting before healing again", retry_after=wait)
        heals, resources = last.heals + 1, out
    if policy.prunes and not policy.allows_empty and _would_be_empty(status):
        text = "the sync would delete every resource; allowEmpty is off"
        return AutoSync(sync=False, reason=text, error=True)
    return AutoSync(sync=True, resources=resources, heals=heals)


def heal_delay(heals: int) -> float:
    """Seconds between the end of a sync and the next healing of the same revision."""
    if heals == 0:
        return 0.0
    delay: float = HEAL_FIRST_SECONDS * HEAL_FACTOR ** min(heals - 1, 10)
    return min(delay, HEAL_LONGEST_SECONDS)


def _refusal(policy: SyncPolicy | None, status: ApplicationStatus, running: bool, deleting: bool) -> str:
    if policy is None or not policy.is_automatic:
        return "automated sync is off"
    if running:
        return "another operation is going on"
    if deleting:
        return "the application is being deleted"
    if status.sync is not SyncStatus.OUT_OF_SYNC:
        return f"the application is {status.sync}"
    if not policy.prunes and all(part.requires_pruning for part in _out_of_sync(status)):
        return "all that is left to do is pruning, and prune is off"
    return ""


def _out_of_sync(status: ApplicationStatus) -> list[ResourceStatus]:
    """What is not as it should be; of what is forbidden that is not known, and said by the sync that it fails."""
    return [
        part
        for part in status.resources
        if part.status in (SyncStatus.OUT_OF_SYNC, SyncStatus.UNKNOWN) and part.counts and not part.hook
    ]


def _would_be_empty(status: ApplicationStatus) -> bool:
    parts = [part for part in status.resources if not part.hook]
    return bool(parts) and all(part.requires_pruning for part in parts)
