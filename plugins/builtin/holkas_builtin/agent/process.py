"""The process of a release: its words, its environment, how it is started, and how it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.model.health import Health, HealthStatus
from holkas.state.masking import Masker

from .place import EnvironmentPlace
from .probing import SETTLED, SETTLED_BESIDE_OTHERS, fault_after_start, fault_now
from .record import Deployed
from .service import Service, base_environment
from .settings import Settings, expanded

_TAIL = 2000


class ReleaseProcess:
    """The process of the release in place. ``settings``: as they were when it was deployed."""

    def __init__(
        self, name: str, place: EnvironmentPlace, number: int, deployed: Deployed, settings: Settings
    ) -> None:
        self._name = name
        self._place = place
        self._number = number
        self._deployed = deployed
        self._settings = settings
        self._directory = place.release(number)
        self.service = Service(place.own)

    @property
    def address(self) -> str:
        """Where it answers, or empty."""
        return expanded(self._settings.health.http, self._deployed.values).partition("?")[0]

    def environment(self) -> dict[str, str]:
        """Variables without the secrets, which the supervisor reads from their files."""
        return {
            **base_environment(),
            **self._deployed.values,
            **{
                key: expanded(value, self._deployed.values)
                for key, value in self._settings.environment.items()
            },
            "HOLKAS_ENVIRONMENT": self._name,
            "HOLKAS_RELEASE": self._deployed.id,
            "HOLKAS_DATA": str(self._place.data),
        }

    def full_environment(self) -> dict[str, str]:
        """Variables with the secrets, for a command that we start ourselves."""
        secrets = {name: os.fsdecode(value) for name, value in self._secrets().items()}
        return {**self.environment(), **secrets}

    def restart(self) -> str:
        """Start it anew and wait until it is well; why it is not, or empty."""
        self.service.stop(self._settings.stop_timeout)
        if not self._settings.command:
            return self._look()
        spec: Mapping[str, Any] = {
            "command": [expanded(one, self._deployed.values) for one in self._settings.command],
            "directory": str(self._directory),
            "environment": self.environment(),
            "secrets": list(self._deployed.secrets),
            "log": str(self._place.own / "service.log"),
            "stop_timeout": self._settings.stop_timeout,
            "release": self._number,
        }
        mark = self._log_size()
        # Somebody else may answer on the port: then ours has to show that it stays up beside them.
        checked = bool(self._settings.health.http or self._settings.health.command)
        settle = 0.0 if checked and self._look() else SETTLED_BESIDE_OTHERS if checked else SETTLED
        self.service.start(spec)
        fault = fault_after_start(self._look, self.service.status, self._settings.health, settle=settle)
        return f"{fault}{self._tail(mark)}" if fault else ""

    def settled(self) -> str:
        """Wait until what runs already is well, which a killed agent has not waited for; why it is not, or empty."""
        if not self._settings.command:
            return self._look()
        return fault_after_start(self._look, self.service.status, self._settings.health, settle=0.0)

    def health(self) -> Health:
        """How it is now."""
        if self._settings.command:
            status = self.service.status()
            if not status.supervised:
                return Health(status=HealthStatus.MISSING, message="the process is not started")
            if status.release != self._number:
                return Health(status=HealthStatus.DEGRADED, message="the process of another release runs")
            if not status.running:
                message = f"the process has ended with exit code {status.last_exit} and is started again"
                return Health(status=HealthStatus.DEGRADED, message=message)
        if fault := self._look():
            return Health(status=HealthStatus.DEGRADED, message=fault)
        return Health(status=HealthStatus.HEALTHY)

    def masker(self) -> Masker:
        """Takes the release's secrets out of texts."""
        return Masker(self._secrets().values())

    def _look(self) -> str:
        environ = self.full_environment() if self._settings.health.command else {}
        return fault_now(self._settings.health, self._directory, environ, self._deployed.values)

    def _secrets(self) -> dict[str, bytes]:
        found = {}
        for name in self._deployed.secrets:
            path: Path = self._directory / "secrets" / name
            if path.is_file():
                found[name] = path.read_bytes()
        return found

    def _log_size(self) -> int:
        log = self._place.own / "service.log"
        return log.stat().st_size if log.exists() else 0

    def _tail(self, mark: int) -> str:
        """The last lines that the process has written since a mark, secrets masked."""
        log = self._place.own / "service.log"
        if not log.exists():
            return ""
        with log.open("rb") as file:
            file.seek(max(mark, log.stat().st_size - _TAIL * 4))
            data = self.masker().mask(file.read())[-_TAIL:]
        text = data.decode("utf-8", "replace").strip()
        return f"; it wrote: {text.splitlines()[-1]}" if text else ""
