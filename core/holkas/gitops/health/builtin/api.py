"""What extends Kubernetes' API: APIService and CustomResourceDefinition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import condition, mappings, text
from holkas.model.health import Health, HealthStatus


def api_service(manifest: Mapping[str, Any]) -> Health:
    """Healthy once it is available (Argo CD, "Resource Health")."""
    available = condition(manifest, "Available")
    if available is None:
        return Health(status=HealthStatus.PROGRESSING, message="Waiting to be processed")
    reason, message = text(available, "reason"), text(available, "message")
    status = HealthStatus.HEALTHY if available.get("status") == "True" else HealthStatus.PROGRESSING
    return Health(status=status, message=f"{reason}: {message}")


def custom_resource_definition(manifest: Mapping[str, Any]) -> Health:
    """Healthy once its names are accepted and it is established (Kubernetes, "CustomResourceDefinition status")."""
    found = {
        text(item, "type"): (item.get("status"), text(item, "message"))
        for item in mappings(manifest, "status", "conditions")
    }
    if not found:
        return Health(status=HealthStatus.PROGRESSING, message="Waiting for conditions")
    absent = (None, "")
    ending, accepted = found.get("Terminating", absent), found.get("NamesAccepted", absent)
    established, loose = found.get("Established", absent), found.get("NonStructuralSchema", absent)
    if ending[0] == "True":
        return Health(status=HealthStatus.PROGRESSING, message=f"CRD is being terminated: {ending[1]}")
    if accepted[0] == "False":
        return Health(status=HealthStatus.DEGRADED, message=f"CRD names are not accepted: {accepted[1]}")
    if established[0] != "True":
        return Health(status=HealthStatus.DEGRADED, message=f"CRD is not established: {established[1]}")
    if loose[0] == "True":
        return Health(status=HealthStatus.DEGRADED, message=f"Schema is not structural: {loose[1]}")
    return Health(status=HealthStatus.HEALTHY, message="CRD is healthy")
