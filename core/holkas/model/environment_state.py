"""How an environment is: what runs there, and how well."""

from __future__ import annotations

from dataclasses import field

from holkas.model.health import Health, HealthStatus
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentState:
    """What an agent finds. ``release``: id of the release in place, empty where there is none.

    kept: ids of earlier releases that a rollback can bring back, newest first. message: one sentence for
    people.
    addresses: where what runs there is to be reached (``http://127.0.0.1:8001``).
    """

    environment: str
    release: str = ""
    kept: tuple[str, ...] = ()
    health: Health = field(default_factory=lambda: Health(status=HealthStatus.UNKNOWN))
    addresses: tuple[str, ...] = ()
    message: str = ""
