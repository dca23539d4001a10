"""The records of one application: every decision is in the ledger before it is carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from holkas.gitops.auto_sync import LastSync
from holkas.gitops.history import HistoryEntry, Hold
from holkas.gitops.progress import Act, SyncState
from holkas.model.sync import OperationPhase, TaskKey, TaskResult
from holkas.reconciler import projection as on
from holkas.reconciler.forms import history_from, hold_from, results_form, results_from, task_form, task_from
from holkas.reconciler.operation import Operation, operation_from
from holkas.state.ledger import Ledger
from holkas.state.ledger_entry import Entry, NewEntry

Clock = Callable[[], float]
"""Seconds since the epoch."""


def stream_of(installation: str, name: str) -> str:
    """The stream of an application, and the key of its view."""
    return f"app/{installation}/{name}"


def view_of(ledger: Ledger, installation: str, name: str) -> dict[str, Any]:
    """What is recorded of an application."""
    found = ledger.view(stream_of(installation, name))
    return on.empty(name) if found is None else found


class Book:
    """Reads and writes the records of one application. Whoever writes about its operation holds its lock.

    ledger: None for a dry run, of which nothing is kept.
    """

    def __init__(self, ledger: Ledger | None, installation: str, name: str, clock: Clock = time.time) -> None:
        self.name = name
        self.clock = clock
        self._ledger = ledger
        self._stream = stream_of(installation, name)
        self.view = on.empty(name)
        self.state = SyncState()
        self._number = 0
        self._waiting: list[tuple[str, Mapping[str, Any]]] = []
        self.reload()

    def reload(self) -> None:
        """Take in what others have recorded."""
        if self._ledger is None:
            return
        self.view = self._ledger.view(self._stream) or on.empty(self.name)
        if self.view["operation"] is not None:
            self.state = state_of(self._ledger, self._stream, self.view)
        else:
            self.state = SyncState()

    def look(self) -> None:
        """See whether somebody else ended the operation."""
        if self._ledger is not None:
            self.view = self._ledger.view(self._stream) or self.view
        self.state = replace(self.state, terminating=self.terminating)

    # -- what is known

    @property
    def operation(self) -> Operation | None:
        """The operation that goes on, or was cut short."""
        form = self.view["operation"]
        return None if form is None else operation_from(form)

    @property
    def last(self) -> LastSync | None:
        """The operation that ended last."""
        form = self.view["last"]
        if form is None or form.get("deleted"):  # one that is declared again was never synced
            return None
        return LastSync(
            phase=OperationPhase(form["phase"]),
            revisions=tuple(form["revisions"]),
            source=form["source"],
            finished_at=form["finished_at"],
            message=form["message"],
            heals=form["heals"],
        )

    @property
    def history(self) -> tuple[HistoryEntry, ...]:
        """Successful syncs of the whole application."""
        return tuple(history_from(form) for form in self.view["history"])

    @property
    def hold(self) -> Hold | None:
        """The rollback that lasts."""
        return hold_from(self.view["hold"])

    @property
    def terminating(self) -> bool:
        """Whether somebody ended the operation."""
        return bool(self.view["terminating"])

    def desired_of(self, number: int) -> str:
        """Digest of what was desired at an entry of the history; empty for an unknown one."""
        return next((str(form["desired"]) for form in self.view["history"] if form["id"] == number), "")

    def digests(self) -> set[str]:
        """What the records still need of the desired states."""
        found = {str(form["desired"]) for form in self.view["history"]}
        for form in (self.view["operation"], self.view["hold"], self.view["last"]):
            if form is not None and form.get("desired") and not form.get("deleted"):
                found.add(str(form["desired"]))
        return found

    # -- writing

    def note(self, kind: str, data: Mapping[str, Any] | None = None) -> None:
        """Record one thing, and what waits to be recorded before it, in one commit. Raises StateUnusable."""
        self._waiting.append((kind, data or {}))
        self.flush()

    def flush(self) -> None:
        """Record what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        moment = self.clock()
        if self._ledger is None:
            for kind, data in waiting:
                self._number += 1
                on.projected(self.view, kind, data, moment, self._number)
            return
        new = [NewEntry(stream=self._stream, type=kind, time=moment, data=data) for kind, data in waiting]
        self._ledger.append_all(new, views=self._projection)

    def _projection(self, inside: Ledger, made: Any) -> dict[str, Any]:
        view = inside.view(self._stream) or on.empty(self.name)
        for entry in made:
            view = on.projected(view, entry.type, entry.data, entry.time, entry.number)
        self.view = view
        return {self._stream: view}

    def start(self, operation: Operation) -> Operation:
        """Record that an operation begins; it gets its number and its times."""
        moment = self.clock()
        made = replace(operation, id=self.view["operations"] + 1, started_at=moment, attempt_at=moment)
        self.note(on.STARTED, {"operation": made.form()})
        self.state = SyncState()
        return made

    def acts(self, acts: tuple[Act, ...]) -> None:
        """Record what is done next."""
        dry = acts[0].dry_run
        listed = [[*task_form(act.task.key), str(act.kind)] for act in acts]
        self.note(on.ACTS, {"acts": listed, "dry_run": dry})
        if not dry:
            self.state = replace(self.state, started=self.state.started | {act.task.key for act in acts})

    def results(self, results: Mapping[TaskKey, TaskResult]) -> None:
        """Have outcomes recorded with the next decision, or :meth:`flush`.

        An outcome that a crash takes along is one of an act that is in the records: it is done again, which changes
        nothing, or is known by its mark, where it is a hook.
        """
        if results:
            self._waiting.append((on.RESULTS, {"results": results_form(results)}))
            self.state = self.state.with_results(results)

    def tried(self) -> None:
        """Have recorded that the dry run went well, with the next decision."""
        self._waiting.append((on.TRIED, {}))
        self.state = replace(self.state, dry_run_done=True)

    def retry(self, at: float, message: str) -> None:
        """Record that the attempt failed, and when the next one begins."""
        self.note(on.RETRY, {"at": at, "message": message})

    def attempt(self, number: int) -> None:
        """Record that the next attempt begins."""
        self.note(on.ATTEMPT, {"attempt": number})
        self.state = SyncState(terminating=self.terminating)

    def declare(self, parent: str, cascade: str) -> None:
        """Have recorded, with what is recorded next, what brings the application along and whether its resources go with
        it."""
        now = {"parent": parent, "cascade": cascade} if parent or cascade else {}
        if (self.view.get("declared") or {}) != now and (on.DECLARED, now) not in self._waiting:
            self._waiting.append((on.DECLARED, now))

    def confirm(self) -> None:
        """Record that somebody agrees to a deletion that asks for it."""
        self.note(on.CONFIRMED)

    def terminate(self) -> None:
        """Record that somebody ends the operation."""
        self.note(on.TERMINATING)
        self.state = replace(self.state, terminating=True)


def state_of(ledger: Ledger, stream: str, view: Mapping[str, Any]) -> SyncState:
    """How far the operation of a view has come."""
    state = SyncState(terminating=bool(view["terminating"]))
    for entry in ledger.read(stream, after=int(view["since"])):
        state = _after(state, entry)
    return state


def _after(state: SyncState, entry: Entry) -> SyncState:
    if entry.type == on.RESULTS:
        return state.with_results(results_from(entry.data["results"]))
    if entry.type == on.ACTS and not entry.data["dry_run"]:
        begun = {task_from(form[:5]) for form in entry.data["acts"]}
        return replace(state, started=state.started | begun)
    if entry.type == on.TRIED:
        return replace(state, dry_run_done=True)
    return state
