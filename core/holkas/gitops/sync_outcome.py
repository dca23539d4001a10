"""From health and from what a target says to the result of a task of a sync."""

from __future__ import annotations

from holkas.model.health import Health, HealthStatus
from holkas.model.sync import OperationPhase, ResultCode, SyncTask, TaskResult

Outcome = tuple[OperationPhase, str]
"""State of a task, and why."""


def hook_outcome(health: Health | None, task: SyncTask) -> Outcome | None:
    """How a hook stands: no health at all is success, Unknown is failure like Degraded, Suspended still runs.

    None for Missing, which says nothing new. Source: Argo CD, "Resource Hooks".
    """
    if health is None:
        return OperationPhase.SUCCEEDED, f"{task.key.resource.name} created"
    match health.status:
        case HealthStatus.HEALTHY:
            return OperationPhase.SUCCEEDED, health.message
        case HealthStatus.DEGRADED | HealthStatus.UNKNOWN:
            return OperationPhase.FAILED, health.message
        case HealthStatus.PROGRESSING | HealthStatus.SUSPENDED:
            return OperationPhase.RUNNING, health.message
    return None


def resource_outcome(health: Health | None) -> Outcome | None:
    """How a plain resource stands: only Healthy and Degraded end the wait; None means to wait on."""
    if health is None:
        return OperationPhase.SUCCEEDED, ""
    if health.status is HealthStatus.HEALTHY:
        return OperationPhase.SUCCEEDED, health.message
    if health.status is HealthStatus.DEGRADED:
        return OperationPhase.FAILED, health.message
    return None


def applied(message: str = "", *, dry_run: bool = False) -> TaskResult:
    """The result of a resource that was applied; a dry run of the whole sync ends with it."""
    state = OperationPhase.SUCCEEDED if dry_run else OperationPhase.RUNNING
    return TaskResult(code=ResultCode.SYNCED, state=state, message=message)


def pruned(message: str = "pruned") -> TaskResult:
    """The result of a resource that was told to go."""
    return TaskResult(code=ResultCode.PRUNED, state=OperationPhase.SUCCEEDED, message=message)


def refused(message: str) -> TaskResult:
    """The result of a resource that the target would not take, or not let go."""
    return TaskResult(code=ResultCode.SYNC_FAILED, state=OperationPhase.FAILED, message=message)
