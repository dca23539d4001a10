"""Health, in Argo CD's words and order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from holkas.records import dataclass


class HealthStatus(StrEnum):
    """From best to worst (Argo CD, "Resource Health")."""

    HEALTHY = "Healthy"
    SUSPENDED = "Suspended"
    PROGRESSING = "Progressing"
    MISSING = "Missing"
    DEGRADED = "Degraded"
    UNKNOWN = "Unknown"

    @property
    def rank(self) -> int:
        """0 for the best; greater is worse."""
        return _ORDER[self]

    @staticmethod
    def worst(statuses: Iterable[HealthStatus]) -> HealthStatus:
        """The worst of them; Healthy where there is none."""
        return max(statuses, key=_ORDER.__getitem__, default=HealthStatus.HEALTHY)


_ORDER = {status: rank for rank, status in enumerate(HealthStatus)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How something is, and why, in one sentence."""

    status: HealthStatus
    message: str = ""
