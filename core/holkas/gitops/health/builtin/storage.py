"""PersistentVolumeClaim: by phase (Argo CD, "Resource Health")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import text
from holkas.model.health import Health, HealthStatus

_PHASES = {
    "Lost": HealthStatus.DEGRADED,
    "Pending": HealthStatus.PROGRESSING,
    "Bound": HealthStatus.HEALTHY,
}


def persistent_volume_claim(manifest: Mapping[str, Any]) -> Health:
    """By phase; one that is neither bound, pending nor lost is Unknown."""
    return Health(status=_PHASES.get(text(manifest, "status", "phase"), HealthStatus.UNKNOWN))
