"""What ``holkas serve`` does in each round: look whether anything is due, deliver, go on with what waits, operate."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from holkas.delivery import event_types as on
from holkas.delivery.board import open_prefix
from holkas.delivery.delivery_state import Outcome
from holkas.delivery.operations import due_operations
from holkas.delivery.triggers import is_due
from holkas.delivery_engine.operating import operate
from holkas.delivery_engine.recorder import load
from holkas.roles.errors import ToolError

if TYPE_CHECKING:
    from holkas.delivery_engine.project import ProjectDeliveries, Who

_PATIENCE, _LONGEST = 5.0, 300.0
"""Seconds until what did not work is tried again; doubled each time up to the second."""


class Rounds:
    """The triggers of one project. ``wake`` may be called from any thread, everything else from one.

    say: a line for the log. A schedule that was missed while nobody served is made up for once.
    """

    def __init__(self, project: ProjectDeliveries, who: Who, say: Callable[[str], None]) -> None:
        self._project, self._who, self._say = project, who, say
        self._rule = project.definition.triggers
        self._reasons: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._begun = project.now()
        self._scheduled = self._begun
        self._next_poll = self._begun
        self._seen = project.ledger.last_seq()
        self._wanted: list[str] = []
        self._patience, self._not_before = _PATIENCE, self._begun

    def wake(self, reason: str) -> None:
        """The branch may have moved."""
        self._reasons.put(reason)

    def take(self, project: ProjectDeliveries) -> None:
        """Go on with the project as it is defined now. What was wanted stays wanted; what is new counts from now on."""
        now, before = project.now(), self._rule
        self._project, self._rule = project, project.definition.triggers
        if self._rule.poll != before.poll:
            self._next_poll = now
        if (self._rule.schedule, self._rule.zone) != (before.schedule, before.zone):
            self._scheduled = now
        self._begun = now
        self._patience, self._not_before = _PATIENCE, now

    def step(self) -> None:
        """One round; comes back when nothing can be done now. What does not work is said and tried again later."""
        now = self._project.now()
        self._wanted += self._due(now)
        if now >= self._not_before:
            try:
                self._deliver()
            except ToolError as error:
                self._say(f"tried again in {self._patience:g} s: {error}")
                self._not_before = self._project.now() + self._patience
                self._patience = min(_LONGEST, self._patience * 2)
            else:
                self._patience = _PATIENCE
        self._operate()

    def _due(self, now: float) -> Iterator[str]:
        """Why the head is to be delivered now."""
        while not self._reasons.empty():
            yield self._reasons.get()
        if self._rule.poll and now >= self._next_poll:
            self._next_poll = now + self._rule.poll
            yield "poll"
        if is_due(self._rule.schedule, self._rule.zone, self._scheduled, now):
            self._scheduled = now
            yield "schedule"
        if self._rule.after:
            for entry in self._project.ledger.read_all(after=self._seen):
                self._seen = entry.seq
                ended = entry.type == on.FINISHED and entry.data["outcome"] == Outcome.SUCCEEDED.value
                if ended and entry.data["project"] in self._rule.after:
                    yield f"after {entry.data['project']}"

    def _deliver(self) -> None:
        project, number = self._project, 0
        if self._wanted:
            before = project.ledger.last_seq()
            number = project.request(project.resolve(), self._who, ", ".join(dict.fromkeys(self._wanted)))
            if project.ledger.last_seq() != before:
                self._say(f"delivery {number}: {self._wanted[0]}")
            self._wanted = []
        going = [row["delivery"] for _, row in project.ledger.views(open_prefix(project.definition.name))]
        if not going and not project.ledger.views(f"notice/{project.definition.name}/"):
            return
        project.drive(number)
        for one in going:
            state = load(project.ledger, project.definition.name, one)
            if state.outcome is not None:
                at = f" at {state.stage}" if state.stage else ""
                self._say(
                    f"delivery {one} {state.outcome}{at}" + (f": {state.message}" if state.message else "")
                )

    def _operate(self) -> None:
        project = self._project
        since, now = self._begun, project.now()
        for one in due_operations(project.definition, project.ledger.view, since=since, now=now):
            well = operate(project, one.rule, one.stage, self._who)
            self._say(f"{one.rule.name} in {one.stage.name} {'done' if well else 'failed'}")
