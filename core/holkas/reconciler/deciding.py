"""Whether an application is synced now without being asked: its policy, the windows of its project, what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from holkas.gitops.auto_sync import AutoSync, decide
from holkas.gitops.dependencies import waits_for
from holkas.gitops.project.windows import WindowError, can_sync, may_go_on, windows_of
from holkas.gitops.status import ApplicationStatus, SyncStatus
from holkas.model.health import HealthStatus
from holkas.reconciler.book import Book
from holkas.reconciler.managed import Managed
from holkas.reconciler.operation import Operation

Statuses = Mapping[str, tuple[SyncStatus, HealthStatus]]
"""Name of each application, and how it stands."""


def window_refusal(managed: Managed, now: float, *, manual: bool) -> str:
    """Why no sync may begin now; empty where it may. Source: Argo CD, "Sync Windows"."""
    if managed.project is None:
        return ""
    try:
        windows = windows_of(managed.project, managed.application)
        if can_sync(windows, datetime.fromtimestamp(now, UTC), manual=manual):
            return ""
    except WindowError as error:
        return f"a sync window of project {managed.project.name} cannot be read: {error}"
    return f"blocked by a sync window of project {managed.project.name}"


def overdue(managed: Managed, operation: Operation, now: float) -> str:
    """Why an operation that goes on is to be ended; empty where it may go on.

    An automatic one ends with its window, unless the window lets it overrun; one that waits for its next attempt gives
    way to a new revision where ``retry.refresh`` says so. Source: Argo CD, "Sync Windows", "Automatic Retry".
    """
    if operation.by or operation.delete:
        return ""
    retry = operation.retry or {}
    new = not managed.desired.conditions and managed.desired.revisions != operation.revisions
    if operation.retry_at is not None and retry.get("refresh") and new:
        return "a new revision is desired"
    if managed.project is None:
        return ""
    try:
        windows = windows_of(managed.project, managed.application)
        goes_on = may_go_on(windows, datetime.fromtimestamp(now, UTC))
    except WindowError:
        return ""
    return "" if goes_on else f"a sync window of project {managed.project.name} has closed"


def decided(
    managed: Managed, status: ApplicationStatus, book: Book, statuses: Statuses, *, now: float
) -> AutoSync:
    """What to do, with the reason where it is nothing."""
    desired = managed.desired
    decision = decide(
        managed.application.policy,
        status,
        revisions=desired.revisions,
        source=desired.source,
        last=book.last,
        now=now,
        running=book.operation is not None,
        deleting="deletionTimestamp" in managed.application.metadata,
    )
    if not decision.sync:
        return decision
    if reason := window_refusal(managed, now, manual=False):
        return AutoSync(sync=False, reason=reason)
    waiting = waits_for(managed.depends_on, statuses)
    if waiting:
        return AutoSync(sync=False, reason=f"waiting for {', '.join(waiting)} to be synced and healthy")
    return decision
