"""What is known of one project's deliveries, and how it is written: entries, their views, who hears of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from holkas.delivery import board
from holkas.delivery.definition import ProjectDefinition, Stage
from holkas.delivery.delivery_state import DeliveryState
from holkas.delivery_engine.asking import Denied
from holkas.delivery_engine.recorder import Listener, load, write
from holkas.state.ledger import Ledger
from holkas.state.ledger_entry import NewEntry


class ProjectBook:
    """The ledger as one project sees it. ``told`` hears of every entry that is written through it."""

    def __init__(
        self, definition: ProjectDefinition, ledger: Ledger, *, clock: Callable[[], float], told: Listener
    ) -> None:
        self.definition = definition
        self.ledger = ledger
        self.clock = clock
        self.told = told

    @property
    def project(self) -> str:
        """The project's name."""
        return self.definition.name

    # -- reading -----------------------------------------------------------------------------------------------

    def stage(self, environment: str) -> Stage:
        """An environment's stage. Raises Denied where there is none of that name."""
        stage = self.definition.stage(environment)
        if stage is None:
            names = ", ".join(stage.name for stage in self.definition.stages)
            raise Denied(f"there is no environment {environment}", f"there are {names}")
        return stage

    def delivery(self, number: int) -> DeliveryState:
        """What is known of a delivery. Raises Denied where there is none of that number."""
        state = load(self.ledger, self.project, number)
        if not state.number:
            raise Denied(f"there is no delivery {number}", "holkas history lists them")
        return state

    def row(self, environment: str) -> dict[str, Any]:
        """An environment's row of the board; empty where nothing was ever delivered to it."""
        return self.ledger.view(board.board_key(self.project, environment)) or {}

    def waiting(self, environment: str) -> int:
        """The delivery that waits before an environment; 0 where none does."""
        return int((self.row(environment).get("waiting") or {}).get("delivery", 0))

    def going(self) -> Iterator[int]:
        """The deliveries that have not ended, in their order."""
        for _, row in self.ledger.views(board.open_prefix(self.project)):
            yield int(row["delivery"])

    # -- writing -----------------------------------------------------------------------------------------------

    def new(self, stream: str, kind: str, data: dict[str, Any]) -> NewEntry:
        """An entry of this moment that is to be written."""
        return NewEntry(stream=stream, type=kind, time=self.clock(), data=data)

    def write(
        self, stream: str, kind: str, data: dict[str, Any], expected: dict[str, int] | None = None
    ) -> None:
        """Write one entry. Raises LedgerConflict."""
        self.write_all([self.new(stream, kind, data)], expected)

    def write_all(self, entries: list[NewEntry], expected: dict[str, int] | None = None) -> None:
        """Write entries in one commit. Raises LedgerConflict."""
        for entry in write(self.ledger, entries, expected):
            self.told(entry.type, dict(entry.data))
