"""Job, and Argo's Workflow, which is as much a job (Argo CD, "Resource Health")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import mappings, text
from holkas.model.health import Health, HealthStatus

_WORKFLOW_PHASES = {
    "": HealthStatus.PROGRESSING,
    "Pending": HealthStatus.PROGRESSING,
    "Running": HealthStatus.PROGRESSING,
    "Succeeded": HealthStatus.HEALTHY,
    "Failed": HealthStatus.DEGRADED,
    "Error": HealthStatus.DEGRADED,
}


def job(manifest: Mapping[str, Any]) -> Health:
    """Failed outweighs suspended, suspended outweighs complete; with none of these it is under way."""
    found = {
        text(item, "type"): text(item, "message")
        for item in mappings(manifest, "status", "conditions")
        if item.get("status") == "True"
    }
    for kind, status in (
        ("Failed", HealthStatus.DEGRADED),
        ("Suspended", HealthStatus.SUSPENDED),
        ("Complete", HealthStatus.HEALTHY),
    ):
        if kind in found:
            return Health(status=status, message=found[kind])
    return Health(status=HealthStatus.PROGRESSING)


def workflow(manifest: Mapping[str, Any]) -> Health:
    """By phase."""
    status = _WORKFLOW_PHASES.get(text(manifest, "status", "phase"), HealthStatus.UNKNOWN)
    return Health(status=status, message=text(manifest, "status", "message"))
