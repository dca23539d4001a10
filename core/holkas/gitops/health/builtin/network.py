"""Service and Ingress: until somebody has given them an address (Argo CD, "Resource Health")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import at, text
from holkas.model.health import Health, HealthStatus


def service(manifest: Mapping[str, Any]) -> Health:
    """Only a load balancer is waited for."""
    if text(manifest, "spec", "type") != "LoadBalancer":
        return Health(status=HealthStatus.HEALTHY)
    return ingress(manifest)


def ingress(manifest: Mapping[str, Any]) -> Health:
    """Healthy once ``status.loadBalancer.ingress`` has an entry."""
    entries = at(manifest, "status", "loadBalancer", "ingress")
    if isinstance(entries, list) and entries:
        return Health(status=HealthStatus.HEALTHY)
    return Health(status=HealthStatus.PROGRESSING, message="Waiting for an address of the load balancer")
