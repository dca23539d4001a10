"""One project's deliveries: requested, decided about, driven, by one process at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from holkas.delivery import board, feedback, gates
from holkas.delivery import event_types as on
from holkas.delivery.acts import Wait
from holkas.delivery.definition import ProjectDefinition
from holkas.delivery.delivery_state import DeliveryState, Outcome, revision_data
from holkas.delivery_engine.engine import Engine
from holkas.delivery_engine.job import Job, _ignore
from holkas.delivery_engine.recorder import Listener, Recorder, load, write
from holkas.delivery_engine.rolling_back import carry_out_rollback, finish_rollback, rollback_entry
from holkas.delivery_engine.telling import send_events, tell_people
from holkas.delivery_engine.toolbox import Toolbox
from holkas.model.environment import GateKind
from holkas.model.revision import Revision
from holkas.model.run_event import RunEvent
from holkas.records import dataclass
from holkas.roles.errors import ToolError
from holkas.state.ledger import Ledger, LedgerConflict
from holkas.state.ledger_entry import NewEntry
from holkas.state.lock import OwnerLock

_LOOK = 0.1
"""Seconds between looks at a lock that another process has."""


class Denied(Exception):
    """Somebody may not do this, or it makes no sense now. Recorded where it was an approval."""

    exit_code = 1
    code = "D101"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def _silent(kind: str, data: dict[str, Any]) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who acts: the name that counts, and the machine's account that said it."""

    name: str
    account: str = ""


class ProjectDeliveries:
    """The deliveries of one project. Safe for several processes; ``told`` hears of every entry."""

    def __init__(
        self,
        definition: ProjectDefinition,
        tools: Toolbox,
        ledger: Ledger,
        state: Path,
        *,
        directory: str = "",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        told: Listener = _silent,
        follow: Callable[[RunEvent], None] = _ignore,
    ) -> None:
        self.definition = definition
        self.ledger = ledger
        self._tools = tools
        self._state = state
        self._directory = directory
        self._clock, self._sleep = clock, sleep
        self._told, self._follow = told, follow

    # -- what people ask for -----------------------------------------------------------------------------------

    @property
    def tools(self) -> Toolbox:
        """What the project works with."""
        return self._tools

    @property
    def state_directory(self) -> Path:
        """Where everything of this machine is kept."""
        return self._state

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._clock()

    def resolve(self, ref: str = "") -> Revision:
        """The revision that a ref of the project's repository means now; empty for the branch that is delivered."""
        control = self._tools.version_control()
        return control.resolve(self.definition.repository, ref or self.definition.branch)

    def request(self, revision: Revision, who: Who, reason: str = "") -> int:
        """The number of the revision's delivery; a new one where it has none. Two requests at once make one."""
        project = self.definition.name
        while True:
            known = self.ledger.view(board.revision_key(project, revision.id))
            if known:
                return int(known["delivery"])
            row = self.ledger.view(board.project_key(project)) or {}
            number = int(row.get("last", 0)) + 1
            stream = on.delivery_stream(project, number)
            data = {
                "project": project,
                "delivery": number,
                "revision": revision_data(revision),
                "by": who.name,
                "account": who.account,
                "reason": reason,
                "directory": self._directory,
                "environments": [stage.name for stage in self.definition.stages],
                "gates": {stage.name: stage.environment.gate.kind.value for stage in self.definition.stages},
            }
            try:
                self._write(stream, on.REQUESTED, data, {stream: 0})
            except LedgerConflict:
                continue  # somebody else has requested a delivery; perhaps of this revision
            return number

    def approve(self, environment: str, who: Who, *, number: int = 0, comment: str = "") -> int:
        """Record an approval; the delivery's number. Raises Denied, which is recorded."""
        return self._decide(on.APPROVED, environment, who, number, comment)

    def reject(self, environment: str, who: Who, *, number: int = 0, comment: str = "") -> int:
        """Record that a delivery must not go into an environment; its number. Raises Denied, which is recorded."""
        return self._decide(on.REJECTED, environment, who, number, comment)

    def _decide(self, kind: str, environment: str, who: Who, number: int, comment: str) -> int:
        stage = self.definition.stage(environment)
        if stage is None:
            raise Denied(f"there is no environment {environment}", f"there are {self._names()}")
        number = number or self._waiting(environment)
        if not number:
            raise Denied(f"nothing waits before {environment}", "holkas status shows what waits where")
        state = load(self.ledger, self.definition.name, number)
        if not state.number:
            raise Denied(f"there is no delivery {number}", "holkas history lists them")
        refusal = gates.refusal(stage, state, who.name)
        if not refusal and kind == on.APPROVED and who.name in state.at(environment).approvals:
            return number
        data = {
            "project": self.definition.name,
            "delivery": number,
            "environment": environment,
            "by": who.name,
            "account": who.account,
            "comment": comment,
        }
        stream = on.delivery_stream(self.definition.name, number)
        if refusal:
            self._refuse(state, environment, who, refusal, kind)
        self._write(stream, kind, data)
        return number

    def _waiting(self, environment: str) -> int:
        row = self.ledger.view(board.board_key(self.definition.name, environment)) or {}
        return int((row.get("waiting") or {}).get("delivery", 0))

    def reopen(self, number: int, who: Who, *, environment: str = "") -> None:
        """Let a delivery that has ended go on where it ended. Raises Denied for one that has succeeded.

        environment: what it is to go into again, its quarantine there lifted.
        """
        project = self.definition.name
        state = load(self.ledger, project, number)
        if not state.number:
            raise Denied(f"there is no delivery {number}", "holkas history lists them")
        entries = []
        place = self.definition.index(environment) if environment else -1
        for stage in self.definition.stages[: place + 1]:
            row = self.ledger.view(board.board_key(project, stage.name)) or {}
            if state.revision.id in row.get("quarantine", ()):
                data = {
                    "project": project, "environment": stage.name, "revision": state.revision.id, "by": who.name,
                    "account": who.account,
                }  # fmt: skip
                entries.append(
                    self._new(on.environment_stream(project, stage.name), on.QUARANTINE_LIFTED, data)
                )
        if state.outcome is None and not entries:
            return
        if state.outcome is Outcome.SUCCEEDED and not environment:
            raise Denied(
                f"delivery {number} has succeeded", "holkas promote ENV brings it back into an environment"
            )
        names = [stage.name for stage in self.definition.stages]
        again = names[place:] if environment else []
        passed = [name for name in names if state.at(name).passed is not None and name not in again]
        reopened: dict[str, Any] = {
            "project": project,
            "delivery": number,
            "by": who.name,
            "account": who.account,
            "again": again,
            "open": {
                "delivery": number, "published": bool(state.artifacts), "place": len(passed), "inside": False,
                "environments": names,
            },
        }  # fmt: skip
        entries.append(self._new(on.delivery_stream(project, number), on.REOPENED, reopened))
        self._told_all(write(self.ledger, entries))

    def promote(self, environment: str, who: Who, *, number: int = 0) -> int:
        """Move what is good in the environment before into this one; its delivery's number. Raises Denied."""
        stage, place = self.definition.stage(environment), self.definition.index(environment)
        if stage is None:
            raise Denied(f"there is no environment {environment}", f"there are {self._names()}")
        number = number or self._waiting(environment) or (self._good_before(place) if place else 0)
        if not number:
            raise Denied(f"there is nothing to promote to {environment}")
        state = load(self.ledger, self.definition.name, number)
        if not state.number:
            raise Denied(f"there is no delivery {number}", "holkas history lists them")
        before = self.definition.stages[place - 1].name if place else ""
        if before and state.at(before).passed is None:
            raise Denied(f"delivery {number} has not passed {before}")
        gate = stage.environment.gate
        if gate.kind is GateKind.MANUAL and not gates.may_approve(gate, who.name):
            self._refuse(
                state, environment, who, gates.refusal(stage, state, who.name) or "may not approve", "promote"
            )
        row = self.ledger.view(board.board_key(self.definition.name, environment)) or {}
        present = (row.get("release") or {}).get("delivery")
        if state.outcome is not None and not (present == number and row.get("health") == "Healthy"):
            self.reopen(number, who, environment=environment)
        if gate.kind is GateKind.MANUAL and load(self.ledger, self.definition.name, number).outcome is None:
            self._approve_ahead(number, environment, who)
        return number

    def _good_before(self, place: int) -> int:
        good = self.ledger.view(board.good_key(self.definition.name, self.definition.stages[place - 1].name))
        return int(good[0]["delivery"]) if good else 0

    def _refuse(self, state: DeliveryState, environment: str, who: Who, why: str, asked: str) -> NoReturn:
        """Record and tell that somebody wanted what they may not, and raise Denied."""
        stream = on.delivery_stream(self.definition.name, state.number)
        data = {
            "project": self.definition.name, "delivery": state.number, "environment": environment, "by": who.name,
            "account": who.account, "message": why, "asked": asked,
        }  # fmt: skip
        identity = f"{state.number}/{self.ledger.last_number(stream) + 1}"
        notice = feedback.refusal_notice(self.definition, state, environment, why, identity=identity)
        entries = [
            self._new(stream, on.APPROVAL_REFUSED, data),
            self._new(stream, on.NOTICE_DECIDED, {"delivery": state.number, **notice}),
        ]
        self._told_all(write(self.ledger, entries))
        self.tell()
        raise Denied(why)

    def _approve_ahead(self, number: int, environment: str, who: Who) -> None:
        data = {
            "project": self.definition.name, "delivery": number, "environment": environment, "by": who.name,
            "account": who.account, "comment": "promoted",
        }  # fmt: skip
        self._write(on.delivery_stream(self.definition.name, number), on.APPROVED, data)

    def _names(self) -> str:
        return ", ".join(stage.name for stage in self.definition.stages)

    # -- driving -----------------------------------------------------------------------------------------------

    def drive(self, number: int = 0) -> Wait | None:
        """Do everything that can be done now: rollbacks that were cut off, deliveries in their order, telling.

        number: the delivery whose wait is returned, and whose tools' errors are raised (those of others are only
        told). Waits while another process drives.
        """
        wait: Wait | None = None
        rolls_back = False
        with self.locked():
            try:
                self._finish_rollbacks()
                for key, row in self.ledger.views(board.open_key(self.definition.name, 0)[:-8]):
                    del key
                    own = row["delivery"] == number
                    engine = Engine(self.job(row["delivery"]), self._clock)
                    try:
                        waits = engine.drive()
                    except ToolError as error:
                        if own:
                            raise
                        self._told("warning", {"message": f"delivery {row['delivery']} has to wait: {error}"})
                        continue
                    wait = waits if own else wait
                    rolls_back = rolls_back or engine.rolls_back
                if rolls_back:
                    self._finish_rollbacks()
            finally:
                self.tell()
        return wait

    def rollback(self, environment: str, who: Who, *, to: str = "", reason: str = "") -> bool:
        """Bring back the good release before the present one, and keep the present one out. Raises Denied."""
        stage = self.definition.stage(environment)
        if stage is None:
            raise Denied(f"there is no environment {environment}", f"there are {self._names()}")
        with self.locked():
            try:
                self._finish_rollbacks()
                self._begin_rollback(environment, who, to, reason)
                done = self._finish_rollbacks()
            finally:
                self.tell()
        return done

    def _begin_rollback(self, environment: str, who: Who, to: str, reason: str) -> None:
        project = self.definition.name
        row = board.environment_row(self.ledger.view, project, environment) or board.new_row(environment)
        entry = rollback_entry(row, who.name, reason, to=to)
        if entry is None:
            raise Denied(
                f"{environment} has no earlier good release" + (f" {to}" if to else ""),
                "holkas history shows all",
            )
        data = {"project": project, "environment": environment, "account": who.account, **entry}
        entries = [self._new(on.environment_stream(project, environment), on.ROLLBACK_STARTED, data)]
        for _, going in self.ledger.views(board.open_key(project, 0)[:-8]):
            state = load(self.ledger, project, going["delivery"])
            if state.revision.id in entry["quarantined"]:
                ended = {
                    "project": project, "delivery": state.number, "outcome": Outcome.QUARANTINED.value,
                    "stage": environment, "message": f"{who.name} rolled {environment} back",
                }  # fmt: skip
                entries.append(self._new(on.delivery_stream(project, state.number), on.FINISHED, ended))
        self._told_all(write(self.ledger, entries))

    def _finish_rollbacks(self) -> bool:
        """Carry out rollbacks that were recorded and have not ended; whether all went well."""
        well = True
        for _, row in self.ledger.views(board.board_key(self.definition.name, "")):
            stage = self.definition.stage(row["environment"])
            if stage is not None and row["rolling"]:
                job = self.job(row["rolling"]["to"]["delivery"])
                outcome = carry_out_rollback(job, stage, row["rolling"])
                finish_rollback(job, stage, row["rolling"], outcome)
                well = well and outcome.succeeded
        return well

    def job(self, number: int) -> Job:
        recorder = Recorder(self.ledger, self.definition.name, number, clock=self._clock, told=self._told)
        return Job(
            self.definition, self._tools, recorder, self._state, follow=self._follow, sleep=self._sleep
        )

    def tell(self) -> None:
        """Bring waiting notices to people and waiting events to monitoring."""
        tell_people(self.ledger, self._tools, self.definition.name, self._told, self._clock)
        send_events(self.ledger, self._tools, self._told)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the project; waits for another process."""
        path = self._state / "deliveries" / f"{self.definition.name}.lock"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock, said = OwnerLock(path), False
        while not lock.take():
            if not said:
                self._told("warning", {"message": "another process delivers this project, waiting for it"})
                said = True
            self._sleep(_LOOK)
        try:
            yield
        finally:
            lock.release()

    # -- writing -----------------------------------------------------------------------------------------------

    def _new(self, stream: str, kind: str, data: dict[str, Any]) -> NewEntry:
        return NewEntry(stream=stream, type=kind, time=self._clock(), data=data)

    def record(self, stream: str, kind: str, data: dict[str, Any]) -> None:
        """Write one entry of this project. Raises LedgerConflict."""
        self._write(stream, kind, data)

    def _write(
        self, stream: str, kind: str, data: dict[str, Any], expected: dict[str, int] | None = None
    ) -> None:
        self._told_all(write(self.ledger, [self._new(stream, kind, data)], expected))

    def _told_all(self, entries: Any) -> None:
        for entry in entries:
            self._told(entry.type, dict(entry.data))
