"""What the pulling side tells people: a release that cannot be brought in, and that it works again.

Judged by how things stand after a look, not by what happened on the way: a watch that died and was started again finds
the same failure, and sees in the ledger that it is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery import feedback
from holkas.delivery.board import notice_key, pulled_key
from holkas.delivery.definition import ProjectDefinition, Stage
from holkas.delivery.delivery_state import DeliveryState, artifact_of, revision_of
from holkas.delivery_engine.blame import suspects_between
from holkas.delivery_engine.places import project_lock
from holkas.delivery_engine.pulled_source import Wanted, name
from holkas.delivery_engine.recorder import write
from holkas.delivery_engine.telling import send_events, tell_people
from holkas.delivery_engine.toolbox import Toolbox
from holkas.gitops.status import ApplicationStatus, SyncStatus
from holkas.model.health import HealthStatus
from holkas.model.revision import Revision
from holkas.roles.errors import ToolError
from holkas.state.ledger import Ledger, LedgerConflict
from holkas.state.ledger_entry import NewEntry

_PATIENCE, _LONGEST = 5.0, 300.0
"""Seconds until channels that took nothing are tried again; doubled each time up to the second."""


class PullFeedback:
    """Tells about the environments of one project that are pulled.

    wanted: stage → what is to be there, as the source fills it. failures: stage → release and message of an apply that
    failed for good, as the target fills it. log: the last lines that were said about an application.
    """

    def __init__(
        self,
        definition: ProjectDefinition,
        tools: Toolbox,
        ledger: Ledger,
        state: Path,
        *,
        wanted: Mapping[str, Wanted],
        failures: Mapping[str, tuple[str, str]],
        log: Callable[[str], Sequence[str]],
        warn: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._definition, self._tools, self._ledger, self._state = definition, tools, ledger, state
        self._wanted, self._failures, self._log, self._warn = wanted, failures, log, warn
        self._clock = clock
        self._told = -1
        self._patience, self._not_before = _PATIENCE, 0.0

    def judge(self, stands: Mapping[str, ApplicationStatus | None]) -> None:
        """Record what failed or works again, with the notices. stands: application → how it is, None for unknown."""
        for stage_name, wanted in list(self._wanted.items()):
            stage = self._definition.stage(stage_name)
            if stage is None:
                continue
            fault = self._fault(stage_name, wanted, stands.get(name(self._definition, stage)))
            if fault is not None:
                # Where somebody wrote about this environment just now, it is judged again after the next look.
                with suppress(LedgerConflict):
                    self._take(stage, wanted, fault)

    def _fault(self, stage: str, wanted: Wanted, status: ApplicationStatus | None) -> str | None:
        """What is wrong; empty where all is well, None where that is not known yet."""
        if wanted.fault:
            return wanted.fault
        release, message = self._failures.get(stage, ("", ""))
        if wanted.spec is None or status is None:
            return None
        if message and release == wanted.spec["release"]:
            return message
        if status.sync is SyncStatus.SYNCED and status.health is HealthStatus.HEALTHY:
            return ""
        if status.sync is SyncStatus.SYNCED and status.health is HealthStatus.DEGRADED:
            told = [one.health.message for one in status.resources if one.health and one.health.message]
            return ": ".join(["it is in place and Degraded", *told[:1]])
        return None

    def _take(self, stage: Stage, wanted: Wanted, fault: str) -> None:
        known = self._ledger.view(pulled_key(self._definition.name, stage.name)) or {}
        good, failing = known.get("good") or {}, known.get("failing")
        stream = on.environment_stream(self._definition.name, stage.name)
        number = self._ledger.last_number(stream)
        if fault and not failing:
            found = self._failed(stage, wanted, fault, good, f"pulled/{number + 1}")
        elif not fault and (failing or good.get("release") != wanted.release):
            found = self._applied(stage, wanted, failing, f"pulled/{number + 1}")
        else:
            return
        entries = [
            NewEntry(stream=stream, type=kind, time=self._clock(), data=data) for kind, data in found.items()
        ]
        write(self._ledger, entries, {stream: number})

    def _failed(
        self, stage: Stage, wanted: Wanted, fault: str, good: Mapping[str, Any], identity: str
    ) -> dict[str, dict[str, Any]]:
        if wanted.spec is None:
            revision, since = wanted.head, good.get("head", "")
        else:
            revision, since = self._revision(wanted.spec), good.get("revision", "")
        people = suspects_between(self._tools, self._definition.feedback, revision, since, warn=self._warn)
        log = list(self._log(name(self._definition, stage)))
        notice = feedback.failure_notice(
            self._definition, _state(wanted, revision), stage.name, fault, people, log=log,
            command=("holkas", "watch", stage.name, "--once"), since=since, identity=identity,
        )  # fmt: skip
        data = {**self._subject(stage, wanted, revision), "message": fault, "log": log}
        return {
            on.RELEASE_FAILED: {**data, "recipients": notice["recipients"]},
            on.NOTICE_DECIDED: notice,
        }

    def _applied(
        self, stage: Stage, wanted: Wanted, failing: Mapping[str, Any] | None, identity: str
    ) -> dict[str, dict[str, Any]]:
        revision = _named(wanted.spec or {})
        data = {**self._subject(stage, wanted, revision), "recovered": bool(failing)}
        found: dict[str, dict[str, Any]] = {on.RELEASE_APPLIED: data}
        if failing:
            found[on.NOTICE_DECIDED] = feedback.recovery_notice(
                self._definition, _state(wanted, revision), stage.name, failing, identity=identity
            )
        return found

    def _subject(self, stage: Stage, wanted: Wanted, revision: Revision) -> dict[str, Any]:
        return {
            "project": self._definition.name, "environment": stage.name, "release": wanted.release,
            "revision": revision.id, "head": wanted.head.id,
        }  # fmt: skip

    def _revision(self, spec: Mapping[str, Any]) -> Revision:
        """The revision that a release was made of, as the project's own repository knows it where it does."""
        named = replace(_named(spec), repository=self._definition.repository)
        try:
            return self._tools.version_control().resolve(named.repository, named.id)
        except ToolError as error:
            self._warn(f"not everybody could be found who is to be told: {error}")
            return named

    # -- telling

    def tell(self) -> None:
        """Bring waiting notices to people and events to monitoring, unless a delivery is there to do that."""
        now = self._clock()
        waiting = self._ledger.views(notice_key(self._definition.name, ""))
        if now < self._not_before or (not waiting and self._ledger.last_seq() == self._told):
            return
        lock = project_lock(self._state, self._definition.name)
        if not lock.take():
            return
        try:
            said = tell_people(self._ledger, self._tools, self._definition.name, self._hear, self._clock)
            sent = send_events(self._ledger, self._tools, self._hear)
        finally:
            lock.release()
        if said and sent:
            self._told, self._patience = self._ledger.last_seq(), _PATIENCE
            return
        self._not_before, self._patience = now + self._patience, min(_LONGEST, self._patience * 2)

    def _hear(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "warning":
            self._warn(str(data["message"]))


def _named(spec: Mapping[str, Any]) -> Revision:
    return revision_of(spec["revision"]) if spec.get("revision") else Revision(repository="", id="")


def _state(wanted: Wanted, revision: Revision) -> DeliveryState:
    """A release as what notices are written about."""
    artifacts = () if wanted.spec is None else tuple(artifact_of(one) for one in wanted.spec["artifacts"])
    return DeliveryState(revision=revision, artifacts=artifacts)
