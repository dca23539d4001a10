"""Deployment, ReplicaSet, StatefulSet, DaemonSet.

The rules are those of ``kubectl rollout status`` as Argo CD applies them (Argo CD, "Resource Health").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import at, condition, number, optional_number, text
from holkas.model.health import Health, HealthStatus

_HEALTHY = Health(status=HealthStatus.HEALTHY)


def deployment(manifest: Mapping[str, Any]) -> Health:
    """Paused is Suspended, a missed deadline Degraded; else all replicas are to be updated and available."""
    if at(manifest, "spec", "paused") is True:
        return Health(status=HealthStatus.SUSPENDED, message="Deployment is paused")
    if not _is_observed(manifest):
        return _waiting("for the new generation of the deployment to be observed")
    progressing = condition(manifest, "Progressing")
    if progressing is not None and progressing.get("reason") == "ProgressDeadlineExceeded":
        name = text(manifest, "metadata", "name")
        return Health(
            status=HealthStatus.DEGRADED, message=f'Deployment "{name}" exceeded its progress deadline'
        )
    wanted = optional_number(manifest, "spec", "replicas")
    total, updated, available = _counts(manifest, "replicas", "updatedReplicas", "availableReplicas")
    if wanted is not None and updated < wanted:
        return _waiting(f"for the rollout: {updated} of {wanted} replicas are updated")
    if total > updated:
        return _waiting(f"for the rollout: {total - updated} old replicas are still to end")
    if available < updated:
        return _waiting(f"for the rollout: {available} of {updated} updated replicas are available")
    return _HEALTHY


def replica_set(manifest: Mapping[str, Any]) -> Health:
    """A failure to make replicas is Degraded; else all are to be available."""
    if not _is_observed(manifest):
        return _waiting("for the new generation of the replica set to be observed")
    failure = condition(manifest, "ReplicaFailure")
    if failure is not None and failure.get("status") == "True":
        return Health(status=HealthStatus.DEGRADED, message=text(failure, "message"))
    wanted, available = (
        optional_number(manifest, "spec", "replicas"),
        number(manifest, "status", "availableReplicas"),
    )
    if wanted is not None and available < wanted:
        return _waiting(f"for the rollout: {available} of {wanted} replicas are available")
    return _HEALTHY


def stateful_set(manifest: Mapping[str, Any]) -> Health:
    """Ready replicas first; then the update strategy says when a rollout counts as done."""
    observed = number(manifest, "status", "observedGeneration")
    if observed == 0 or number(manifest, "metadata", "generation") > observed:
        return _waiting("for the new generation of the stateful set to be observed")
    wanted = optional_number(manifest, "spec", "replicas")
    ready, updated, current = _counts(manifest, "readyReplicas", "updatedReplicas", "currentReplicas")
    if wanted is not None and ready < wanted:
        return _waiting(f"for {wanted - ready} pods to be ready")
    strategy = at(manifest, "spec", "updateStrategy")
    if text(strategy, "type") == "RollingUpdate" and at(strategy, "rollingUpdate") is not None:
        partition = optional_number(strategy, "rollingUpdate", "partition")
        if wanted is not None and partition is not None and updated < wanted - partition:
            return _waiting(
                f"for the partitioned rollout: {updated} of {wanted - partition} pods are updated"
            )
        return Health(
            status=HealthStatus.HEALTHY,
            message=f"partitioned rollout is complete: {updated} pods are updated",
        )
    if text(strategy, "type") == "OnDelete":
        return Health(status=HealthStatus.HEALTHY, message=f"{ready} pods are ready")
    newest = text(manifest, "status", "updateRevision")
    if newest != text(manifest, "status", "currentRevision"):
        return _waiting(f"for the rolling update: {updated} pods are at revision {newest}")
    return Health(
        status=HealthStatus.HEALTHY,
        message=f"rolling update is complete: {current} pods at revision {newest}",
    )


def daemon_set(manifest: Mapping[str, Any]) -> Health:
    """OnDelete is never waited for; else a pod on each node is to be updated and available."""
    if not _is_observed(manifest):
        return _waiting("for the new generation of the daemon set to be observed")
    wanted, updated, available = _counts(
        manifest, "desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable"
    )
    if text(manifest, "spec", "updateStrategy", "type") == "OnDelete":
        return Health(status=HealthStatus.HEALTHY, message=f"{updated} of {wanted} pods are updated")
    if updated < wanted:
        return _waiting(f"for the rollout: {updated} of {wanted} pods are updated")
    if available < wanted:
        return _waiting(f"for the rollout: {available} of {wanted} updated pods are available")
    return _HEALTHY


def _is_observed(manifest: Mapping[str, Any]) -> bool:
    return number(manifest, "metadata", "generation") <= number(manifest, "status", "observedGeneration")


def _counts(manifest: Mapping[str, Any], first: str, second: str, third: str) -> tuple[int, int, int]:
    status = at(manifest, "status")
    return number(status, first), number(status, second), number(status, third)


def _waiting(for_what: str) -> Health:
    return Health(status=HealthStatus.PROGRESSING, message=f"Waiting {for_what}")
