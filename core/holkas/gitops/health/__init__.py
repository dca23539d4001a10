"""Health of resources and of what they make up. See :mod:`holkas.gitops.health.judge`."""

from __future__ import annotations

from holkas.gitops.health.judge import HealthOverride, judge
from holkas.gitops.health.total import application_health

__all__ = ["HealthOverride", "application_health", "judge"]
