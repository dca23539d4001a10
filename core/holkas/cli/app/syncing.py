"""Drives syncs that somebody asked for: one after another where they depend on each other, else side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from holkas.cli.errors import FAILED, OK, TIMEOUT, CommandError
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.reconciler.managed import Managed
    from holkas.reconciler.operation import Operation
    from holkas.reconciler.syncer import Gone
    from holkas.reconciler.unit import Unit

_PAUSE = 0.2
"""Seconds between looks at applications that somebody else syncs, or that are not healthy yet."""

Make = Callable[["Unit"], "tuple[Operation, Managed]"]
"""What is to be done with an application; raises CommandError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a sync ended. phase: empty where its time was over."""

    unit: Unit
    phase: str
    message: str


class Syncing:
    """Several syncs. timeout: seconds; none for any. others: all that may be depended on."""

    def __init__(
        self,
        timeout: float | None,
        *,
        others: Mapping[str, Unit] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._deadline = None if not timeout else time.monotonic() + timeout
        self._others = others or {}
        self._pause = pause

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self._deadline is not None and time.monotonic() >= self._deadline

    def run(self, layers: Sequence[Sequence[Unit]], make: Make) -> list[Ended]:
        """Sync layer after layer; where one fails, those that depend on it are not begun."""
        ended: list[Ended] = []
        bad: set[str] = set()
        for layer in layers:
            ready = []
            for unit in layer:
                lacking = [name for name in unit.declared.depends_on if name in bad]
                if lacking:
                    message = f"not begun, since {', '.join(lacking)} failed"
                    ended.append(Ended(unit=unit, phase="Failed", message=message))
                    bad.add(unit.name)
                else:
                    ready.append(unit)
            for one in self._layer(ready, make):
                ended.append(one)
                if one.phase != "Succeeded":
                    bad.add(one.unit.name)
        return ended

    def _layer(self, units: Sequence[Unit], make: Make) -> list[Ended]:
        from holkas.reconciler.syncer import Standing

        ended: list[Ended] = []
        going: dict[str, tuple[Unit, float]] = {unit.name: (unit, 0.0) for unit in units}
        begun: set[str] = set()
        while going:
            for name, (unit, due) in list(going.items()):
                if time.time() < due:
                    continue
                gone = self._step(unit, begun, make)
                if gone is None:
                    going[name] = (unit, time.time() + _PAUSE)
                elif gone.standing is Standing.FINISHED:
                    del going[name]
                    ended.append(Ended(unit=unit, phase=str(gone.phase), message=gone.message))
                else:
                    going[name] = (unit, min(gone.due or 0.0, time.time() + 1.0))
            if self.over:
                told = "the time is over; the sync goes on with the next `holkas app sync` or `watch`"
                ended += [Ended(unit=unit, phase="", message=told) for unit, _ in going.values()]
                break
            if going:
                self._pause(max(0.0, min(min(due for _, due in going.values()) - time.time(), _PAUSE)))
        return ended

    def _step(self, unit: Unit, begun: set[str], make: Make) -> Gone | None:
        """One step of a sync: what was cut short before comes first. None where there is nothing to do but wait."""
        unit.book.reload()
        if unit.book.operation is not None:
            return self._goes_on(unit, begun)
        if unit.name in begun:
            return _ended(unit)  # somebody else went on with it to the end
        if waiting := self._lacking(unit):
            if self.over:
                raise CommandError(f"{unit.name} waits for {waiting}", exit_code=FAILED)
            told = {"message": f"waiting for {waiting} to be synced and healthy"}
            unit.tools.told(unit.name, "waiting", told)
            return None
        operation, managed = make(unit)
        gone = unit.begin(operation, managed)
        if gone is not None:
            begun.add(unit.name)
        return gone

    def _goes_on(self, unit: Unit, begun: set[str]) -> Gone | None:
        from holkas.reconciler.syncer import Standing

        gone = unit.go_on()
        if gone is None or (gone.standing is Standing.FINISHED and unit.name not in begun):
            return None  # an older one has ended: now ours begins
        return gone

    def _lacking(self, unit: Unit) -> str:
        """What the application waits for: another that is not synced and healthy. Unknown names are no reason."""
        for name in unit.declared.depends_on:
            if name in self._others:
                other = self._others[name]
                other.view.refresh()
                status = other.compare()
                if (str(status.sync), str(status.health)) != ("Synced", "Healthy"):
                    return name
        return ""


def _ended(unit: Unit) -> Gone:
    from holkas.model.sync import OperationPhase
    from holkas.reconciler.syncer import Gone, Standing

    last = unit.book.view["last"] or {"phase": "Failed", "message": "it is gone"}
    return Gone(standing=Standing.FINISHED, phase=OperationPhase(last["phase"]), message=last["message"])


def layers_of(units: Sequence[Unit]) -> list[list[Unit]]:
    """Applications by the order of their dependencies. Raises CommandError for rings."""
    from holkas.gitops.dependencies import order

    known = {unit.name: unit for unit in units}
    found = order({unit.name: unit.declared.depends_on for unit in units})
    if found.cycles:
        ring = found.cycles[0]
        raise CommandError(f"these wait for each other: {' → '.join((*ring, ring[0]))}", exit_code=FAILED)
    return [[known[name] for name in layer] for layer in found.layers]


def exit_code_of(ended: Sequence[Ended]) -> int:
    """0 all went well, 124 the time was over, 1 something failed."""
    if all(one.phase == "Succeeded" for one in ended):
        return OK
    return TIMEOUT if any(not one.phase for one in ended) else FAILED
