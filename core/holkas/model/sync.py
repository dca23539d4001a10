"""Syncs: bringing live resources to the desired state, in Argo CD's words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holkas.model.resource import Resource, ResourceKey
from holkas.records import dataclass


class SyncPhase(StrEnum):
    """Parts of a sync, in order; SyncFail only after a failure (Argo CD, "Sync Phases and Waves")."""

    PRE_SYNC = "PreSync"
    SYNC = "Sync"
    POST_SYNC = "PostSync"
    SYNC_FAIL = "SyncFail"

    @property
    def rank(self) -> int:
        """0 for the first."""
        return _PHASE_RANK[self]


_PHASE_RANK = {phase: rank for rank, phase in enumerate(SyncPhase)}


class OperationPhase(StrEnum):
    """How an operation, or one hook or resource of it, stands."""

    RUNNING = "Running"
    TERMINATING = "Terminating"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    ERROR = "Error"

    @property
    def completed(self) -> bool:
        """Whether it has ended, well or not."""
        return self in (OperationPhase.SUCCEEDED, OperationPhase.FAILED, OperationPhase.ERROR)


class ResultCode(StrEnum):
    """What became of one resource in a sync."""

    SYNCED = "Synced"
    SYNC_FAILED = "SyncFailed"
    PRUNED = "Pruned"
    PRUNE_SKIPPED = "PruneSkipped"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TaskKey:
    """What identifies a task of a sync: a resource, and the phase in which it is handled."""

    resource: ResourceKey
    phase: SyncPhase

    def __str__(self) -> str:
        return f"{self.resource}:{self.phase}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """What has become of a task so far. code: None for a hook that only runs. message: for people, no secret in it."""

    code: ResultCode | None = None
    state: OperationPhase | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTask:
    """One resource in one phase of a sync: to be applied (``target``), or pruned where there is no target.

    live: as it was when the plan was made. wave: after all rules of order. skip_dry_run: its kind is made by the sync
    itself.
    """

    key: TaskKey
    wave: int
    target: Mapping[str, Any] | None = None
    live: Mapping[str, Any] | None = None
    hook: bool = False
    skip_dry_run: bool = False

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The target, or what is live where there is none."""
        return self.target if self.target is not None else self.live or {}

    @property
    def prune(self) -> bool:
        """Whether the resource is no longer desired."""
        return self.target is None


def key_of(manifest: Mapping[str, Any]) -> ResourceKey:
    """A manifest's identity."""
    return Resource(manifest=manifest).key
