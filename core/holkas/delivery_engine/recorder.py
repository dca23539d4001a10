"""Writes the entries of one delivery: outcomes wait for the next decision, so that both are one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.delivery_state import DeliveryState, folded
from holkas.delivery.projection import projected
from holkas.state.ledger import Ledger
from holkas.state.ledger_entry import Entry, NewEntry

Listener = Callable[[str, dict[str, Any]], None]
"""Is told the type and data of each entry once it is written."""


def write(ledger: Ledger, entries: list[NewEntry], expected: dict[str, int] | None = None) -> list[Entry]:
    """Write entries with their views in one commit. Every entry names its project. Raises LedgerConflict."""
    return ledger.append_all(
        entries,
        expected=expected,
        views=lambda inside, made: projected(inside.view, made),
    )


def load(ledger: Ledger, project: str, number: int) -> DeliveryState:
    """What is known of a delivery."""
    return _folded(ledger.read(on.delivery_stream(project, number)))


def _folded(entries: Iterable[Entry]) -> DeliveryState:
    return folded((entry.type, entry.data, entry.time, entry.number) for entry in entries)


class Recorder:
    """The entries of one delivery; ``state`` is always what they say, those that wait included.

    foreign: grows whenever something was written that is not of this delivery, by us or by another process.
    """

    def __init__(
        self, ledger: Ledger, project: str, number: int, *, clock: Callable[[], float], told: Listener
    ) -> None:
        self.ledger = ledger
        self._project, self._number = project, number
        self._stream = on.delivery_stream(project, number)
        entries = list(ledger.read(self._stream))
        self.state = _folded(entries)
        self._clock, self._told = clock, told
        self._waiting: list[NewEntry] = []
        self.foreign = 0
        self._seen = entries[-1].seq if entries else -1
        self._failure: dict[str, Any] | None = None

    def note(self, kind: str, /, **data: Any) -> None:
        """Add an entry of this delivery; it is written with the next commit."""
        data = {"project": self._project, "delivery": self._number, **data}
        new = NewEntry(stream=self._stream, type=kind, time=self._clock(), data=data)
        self._waiting.append(new)
        self.state.apply(kind, data, new.time)
        if data.get("succeeded") is False:
            self._failure = data

    def last_failure(self) -> dict[str, Any] | None:
        """The last entry that tells of something that did not succeed."""
        if self._failure is None:
            for entry in self.ledger.read(self._stream):
                if entry.data.get("succeeded") is False:
                    self._failure = dict(entry.data)
        return self._failure

    def warn(self, text: str) -> None:
        """Tell people something that is no entry."""
        self._told("warning", {"project": self._project, "delivery": self._number, "message": text})

    def note_elsewhere(self, stream: str, kind: str, /, **data: Any) -> None:
        """Add an entry of another stream to the same commit."""
        data = {"project": self._project, **data}
        self._waiting.append(NewEntry(stream=stream, type=kind, time=self._clock(), data=data))

    def commit(self) -> None:
        """Write what waits. What others wrote into the stream meanwhile (an approval) is taken in."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        made = write(self.ledger, waiting)
        own = [entry for entry in made if entry.stream == self._stream]
        if made[0].seq != self._seen + 1 or len(own) != len(made):
            self.foreign += 1
        self._seen = made[-1].seq
        if own:
            alone = own[0].number == self.state.last + 1
            self.state.last = own[-1].number
            if not alone:
                self.state = load(self.ledger, self._project, self._number)
        for entry in made:
            self._told(entry.type, dict(entry.data))
