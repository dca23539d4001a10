"""Conditions and times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from holkas.model.record import Condition


def timestamp(seconds: float | None) -> str:
    """RFC 3339 in UTC with whole seconds, as Kubernetes writes it; empty for None."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def conditions(condition: Condition, started: float | None, finished: float | None) -> list[dict[str, Any]]:
    """The one condition of a run. It last changed when the run ended, or started while it has not."""
    since = timestamp(started if finished is None else finished)
    entry = {"type": "Succeeded", "status": condition.status}
    if since:
        entry["lastTransitionTime"] = since
    return [entry | {"reason": condition.reason, "message": condition.message}]
