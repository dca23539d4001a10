"""One project's deliveries: requested, decided about, driven, by one process at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.acts import Wait
from holkas.delivery.definition import ProjectDefinition
from holkas.delivery_engine.asking import Denied, Who
from holkas.delivery_engine.engine import Engine
from holkas.delivery_engine.gate_keeping import GateKeeper
from holkas.delivery_engine.job import Job, _ignore
from holkas.delivery_engine.places import project_lock
from holkas.delivery_engine.project_book import ProjectBook
from holkas.delivery_engine.promoting import promote, reopen
from holkas.delivery_engine.recorder import Listener, Recorder
from holkas.delivery_engine.requesting import request
from holkas.delivery_engine.rollbacks import begin_rollback, finish_rollbacks
from holkas.delivery_engine.telling import send_events, tell_people
from holkas.delivery_engine.toolbox import Toolbox
from holkas.model.revision import Revision
from holkas.model.run_event import RunEvent
from holkas.roles.errors import ToolError
from holkas.state.ledger import Ledger

__all__ = ["Denied", "ProjectDeliveries", "Who"]

_LOOK = 0.1
"""Seconds between looks at a lock that another process has."""


def _silent(kind: str, data: dict[str, Any]) -> None:
    """Nobody listens."""


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
        self._book = ProjectBook(definition, ledger, clock=clock, told=told)
        self._keeper = GateKeeper(self._book, self.tell)
        self._tools = tools
        self._state = state
        self._directory = directory
        self._clock, self._sleep = clock, sleep
        self._told, self._follow = told, follow

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

    # -- what people ask for -----------------------------------------------------------------------------------

    def resolve(self, ref: str = "") -> Revision:
        """The revision that a ref of the project's repository means now; empty for the branch that is delivered."""
        control = self._tools.version_control()
        return control.resolve(self.definition.repository, ref or self.definition.branch)

    def request(self, revision: Revision, who: Who, reason: str = "") -> int:
        """The number of the revision's delivery; a new one where it has none. Two requests at once make one."""
        return request(self._book, revision, who, reason=reason, directory=self._directory)

    def approve(self, environment: str, who: Who, *, number: int = 0, comment: str = "") -> int:
        """Record an approval; the delivery's number. Raises Denied, which is recorded."""
        return self._keeper.decide(on.APPROVED, environment, who, number=number, comment=comment)

    def reject(self, environment: str, who: Who, *, number: int = 0, comment: str = "") -> int:
        """Record that a delivery must not go into an environment; its number. Raises Denied, which is recorded."""
        return self._keeper.decide(on.REJECTED, environment, who, number=number, comment=comment)

    def reopen(self, number: int, who: Who, *, environment: str = "") -> None:
        """Let a delivery that has ended go on where it ended. Raises Denied for one that has succeeded.

        environment: what it is to go into again, its quarantine there lifted.
        """
        reopen(self._book, number, who, environment=environment)

    def promote(self, environment: str, who: Who, *, number: int = 0) -> int:
        """Move what is good in the environment before into this one; its delivery's number. Raises Denied."""
        return promote(self._book, self._keeper, environment, who, number=number)

    def rollback(self, environment: str, who: Who, *, to: str = "", reason: str = "") -> bool:
        """Bring back the good release before the present one, and keep the present one out. Raises Denied."""
        self._book.stage(environment)
        with self.locked():
            try:
                finish_rollbacks(self._book, self.job)
                begin_rollback(self._book, environment, who, to, reason)
                return finish_rollbacks(self._book, self.job)
            finally:
                self.tell()

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
                finish_rollbacks(self._book, self.job)
                for one in self._book.going():
                    engine = Engine(self.job(one), self._clock)
                    try:
                        waits = engine.drive()
                    except ToolError as error:
                        if one == number:
                            raise
                        self._told("warning", {"message": f"delivery {one} has to wait: {error}"})
                        continue
                    wait = waits if one == number else wait
                    rolls_back = rolls_back or engine.rolls_back
                if rolls_back:
                    finish_rollbacks(self._book, self.job)
            finally:
                self.tell()
        return wait

    def job(self, number: int) -> Job:
        """What every act of a delivery works with."""
        recorder = Recorder(self.ledger, self.definition.name, number, clock=self._clock, told=self._told)
        return Job(
            self.definition, self._tools, recorder, self._state, follow=self._follow, sleep=self._sleep
        )

    def tell(self) -> None:
        """Bring waiting notices to people and waiting events to monitoring."""
        tell_people(self.ledger, self._tools, self.definition.name, self._told, self._clock)
        send_events(self.ledger, self._tools, self._told)

    def record(self, stream: str, kind: str, data: dict[str, Any]) -> None:
        """Write one entry of this project. Raises LedgerConflict."""
        self._book.write(stream, kind, data)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the project; waits for another process."""
        lock, said = project_lock(self._state, self.definition.name), False
        while not lock.take():
            if not said:
                self._told("warning", {"message": "another process delivers this project, waiting for it"})
                said = True
            self._sleep(_LOOK)
        try:
            yield
        finally:
            lock.release()
