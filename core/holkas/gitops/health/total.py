"""The health of an application, from that of its resources."""

from __future__ import annotations

from collections.abc import Iterable

from holkas.model.health import HealthStatus

_COUNTED_APART = (HealthStatus.MISSING,)


def application_health(statuses: Iterable[HealthStatus | None]) -> HealthStatus:
    """The worst of the resources' health; Healthy where there are none.

    None stands for a resource that has no health. A missing resource does not make an application worse (that it is
    out of sync says it already); only where nothing at all is live, the application is Missing.
    Source: Argo CD, "Resource Health" (Application).
    """
    found = list(statuses)
    if found and all(status is HealthStatus.MISSING for status in found):
        return HealthStatus.MISSING
    return HealthStatus.worst(s for s in found if s is not None and s not in _COUNTED_APART)
