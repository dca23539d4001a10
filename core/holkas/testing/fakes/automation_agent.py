"""An automation agent whose environments are dictionaries, with every capability of the role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from typing import ClassVar

from holkas.model.change import Change, ChangeKind, Outcome, Plan
from holkas.model.environment import Environment
from holkas.model.environment_state import EnvironmentState
from holkas.model.health import Health, HealthStatus
from holkas.model.release import Release
from holkas.roles.automation_agent import AutomationAgent, _ignore
from holkas.roles.errors import NotFound


class FakeAutomationAgent(AutomationAgent):
    """Remembers which release is in place where.

    failing: names of environments where ``apply`` does not succeed. unhealthy: ids of releases that come up
    Degraded.
    operations: what ``operate`` was asked for.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = AutomationAgent.known_capabilities

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.unhealthy: set[str] = set()
        self.operations: list[tuple[str, str, Mapping[str, str]]] = []
        self._releases: dict[str, list[Release]] = {}
        self._drifted: set[str] = set()
        self._lock = RLock()

    def plan(self, environment: Environment, release: Release) -> Plan:
        with self._lock:
            present = self._present(environment)
            changes: tuple[Change, ...] = ()
            if present is None:
                changes = (Change(kind=ChangeKind.CREATE, subject="release", detail=release.id),)
            elif present.id != release.id:
                detail = f"{present.id} → {release.id}"
                changes = (Change(kind=ChangeKind.UPDATE, subject="release", detail=detail),)
            elif environment.name in self._drifted:
                changes = self.drift(environment)
            return Plan(environment=environment, release=release, changes=changes)

    def apply(self, plan: Plan, on_change: Callable[[Change], None] = _ignore) -> Outcome:
        with self._lock:
            environment, release = plan.environment, plan.release
            if environment.name in self.failing:
                return Outcome(succeeded=False, message=f"{environment.name} was told to fail")
            changes = self.plan(environment, release).changes
            for change in changes:
                on_change(change)
            present = self._present(environment)
            if present is None or present.id != release.id:
                self._releases.setdefault(environment.name, []).append(release)
            self._drifted.discard(environment.name)
            return Outcome(succeeded=True, changes=changes)

    def check(self, environment: Environment) -> EnvironmentState:
        with self._lock:
            releases = self._releases.get(environment.name, [])
            if not releases:
                missing = Health(status=HealthStatus.MISSING, message="nothing was ever applied")
                return EnvironmentState(environment=environment.name, health=missing)
            present = releases[-1].id
            bad = present in self.unhealthy or environment.name in self._drifted
            kept = dict.fromkeys(one.id for one in reversed(releases[:-1]) if one.id != present)
            return EnvironmentState(
                environment=environment.name,
                release=present,
                kept=tuple(kept),
                health=Health(status=HealthStatus.DEGRADED if bad else HealthStatus.HEALTHY),
            )

    def rollback(self, environment: Environment, release: str = "") -> Outcome:
        with self._lock:
            state = self.check(environment)
            wanted = release or next(iter(state.kept), "")
            for kept in self._releases.get(environment.name, []):
                if kept.id == wanted:
                    return self.apply(Plan(environment=environment, release=kept))
        raise NotFound(f"{environment.name} has kept no release {release or 'before this one'}")

    def disturb(self, environment: Environment) -> None:
        """Change the environment behind the agent's back."""
        self._drifted.add(environment.name)

    def drift(self, environment: Environment) -> tuple[Change, ...]:
        if environment.name not in self._drifted:
            return ()
        return (Change(kind=ChangeKind.UPDATE, subject="release", detail="changed by somebody else"),)

    def provision(self, environment: Environment) -> Outcome:
        with self._lock:
            if environment.name in self._releases:
                return Outcome(succeeded=True)
            self._releases[environment.name] = []
            change = Change(kind=ChangeKind.CREATE, subject=f"environment {environment.name}")
            return Outcome(succeeded=True, changes=(change,))

    def backup(self, environment: Environment, directory: Path) -> Outcome:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "release").write_text(self.check(environment).release, encoding="utf-8")
        return Outcome(succeeded=True)

    def operate(
        self, environment: Environment, operation: str, params: Mapping[str, str] | None = None
    ) -> Outcome:
        if operation != "restart":
            raise NotFound(f"there is no operation {operation!r}", hint="there is restart")
        self.operations.append((environment.name, operation, dict(params or {})))
        return Outcome(succeeded=True, changes=(Change(kind=ChangeKind.RESTART, subject="release"),))

    def _present(self, environment: Environment) -> Release | None:
        releases = self._releases.get(environment.name)
        return releases[-1] if releases else None
