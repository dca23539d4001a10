"""How an environment is, as far as events say. Source: CDEvents specification, "Continuous Deployment" and
"Continuous Operations"."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.event import Event
from holkas.model.health import Health, HealthStatus

_IN_PLACE = frozenset({"deployed", "upgraded", "rolledback", "published"})


def health_of(environment: str, events: Sequence[Event]) -> Health:
    """Degraded while an incident is open, Missing when every service was removed, Healthy once something is deployed.

    events: about services, environments and incidents of this environment, oldest first.
    """
    incidents: dict[str, Event] = {}
    services: dict[str, bool] = {}
    removed = False
    for event in events:
        subject, predicate = _kind(event)
        if subject == "incident":
            if predicate == "resolved":
                incidents.pop(event.subject, None)
            else:
                incidents[event.subject] = event
        elif subject == "service" and predicate in _IN_PLACE:
            services[event.subject] = True
            removed = False
        elif subject == "service" and predicate == "removed":
            services[event.subject] = False
        elif subject == "environment":
            removed = predicate == "deleted"
    if removed:
        return Health(status=HealthStatus.MISSING, message=f"{environment} was deleted")
    if incidents:
        newest = list(incidents.values())[-1]
        said = newest.content.get("description") or f"incident {newest.subject}"
        return Health(status=HealthStatus.DEGRADED, message=str(said))
    if any(services.values()):
        return Health(status=HealthStatus.HEALTHY, message="no incident since the last deployment")
    if services:
        return Health(status=HealthStatus.MISSING, message=f"nothing is deployed to {environment} any more")
    return Health(status=HealthStatus.UNKNOWN, message=f"no event tells of {environment}")


def _kind(event: Event) -> tuple[str, str]:
    """``service`` and ``deployed`` of ``dev.cdevents.service.deployed.0.2.0``."""
    parts = event.type.removeprefix("dev.cdevents.").split(".")
    return parts[0], parts[1] if len(parts) > 1 else ""
