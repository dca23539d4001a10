"""How health is judged for a target: users' checks first; where nothing reports statuses, what is there is healthy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.extensions.target import Target
from holkas.gitops.health import HealthOverride
from holkas.model.health import Health, HealthStatus

_THERE = Health(status=HealthStatus.HEALTHY)


def health_for(target: Target, users: HealthOverride | None = None) -> HealthOverride | None:
    """What :func:`holkas.gitops.health.judge` asks first."""
    if target.has_status:
        return users

    def judged(manifest: Mapping[str, Any]) -> Health | None:
        found = users(manifest) if users is not None else None
        if found is not None:
            return found
        return None if "status" in manifest else _THERE

    return judged
