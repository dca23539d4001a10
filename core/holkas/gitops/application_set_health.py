"""The health that an ApplicationSet's own conditions say (``ApplicationSetStatus.CalculateHealth``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.health import Health, HealthStatus

_MEANING = (
    ("ErrorOccurred", HealthStatus.DEGRADED),
    ("RolloutProgressing", HealthStatus.PROGRESSING),
    ("ResourcesUpToDate", HealthStatus.HEALTHY),
)
"""Conditions from the one that weighs most."""


def application_set_health(conditions: Iterable[Mapping[str, Any]] | None) -> Health:
    """The health by the first condition that holds, with its message; Unknown where none does, or there are none."""
    listed = list(conditions or ())
    if not listed:
        return Health(status=HealthStatus.UNKNOWN, message="No status conditions found for ApplicationSet")
    holding = {
        condition.get("type"): str(condition.get("message") or "")
        for condition in listed
        if condition.get("status") == "True"
    }
    for name, status in _MEANING:
        if name in holding:
            return Health(status=status, message=holding[name])
    return Health(status=HealthStatus.UNKNOWN, message="Waiting for health status to be determined")
