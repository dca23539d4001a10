"""Looking at an application again costs little more than seeing that nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.gitops.diff import CompareSettings
from holkas.gitops.health import HealthOverride
from holkas.gitops.status import ApplicationStatus, application_status
from holkas.model.resource import ResourceKey

Manifest = Mapping[str, Any]


class StatusMemory:
    """The last look at one application. Manifests that were handed over must not be changed afterwards."""

    def __init__(self) -> None:
        self._desired: Sequence[Manifest] | None = None
        self._live: Mapping[ResourceKey, Manifest] = {}
        self._basis: tuple[Any, ...] = ()
        self._status: ApplicationStatus | None = None

    def look(
        self,
        desired: Sequence[Manifest],
        live: Mapping[ResourceKey, Manifest],
        settings: CompareSettings | None = None,
        *,
        health: HealthOverride | None = None,
        conditions: tuple[tuple[str, str], ...] = (),
        forbidden: frozenset[ResourceKey] = frozenset(),
    ) -> ApplicationStatus:
        """As :func:`holkas.gitops.status.application_status`; the same object again where nothing has changed."""
        basis = (settings, health, conditions, forbidden)
        if self._status is None or not self._is_same(desired, live, basis):
            self._status = application_status(
                desired, live, settings, health=health, conditions=conditions, forbidden=forbidden
            )
            self._desired, self._live, self._basis = desired, live, basis
        return self._status

    def _is_same(
        self, desired: Sequence[Manifest], live: Mapping[ResourceKey, Manifest], basis: tuple[Any, ...]
    ) -> bool:
        same = desired is self._desired or desired == self._desired
        return same and basis == self._basis and live == self._live
