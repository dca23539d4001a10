"""One application in the loop: its last look, its records, and what is done with it at the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any

from holkas.gitops.auto_sync import AutoSync
from holkas.gitops.cascade import FOREGROUND, cascade_of
from holkas.gitops.diff import JqPlaces
from holkas.gitops.health import HealthOverride
from holkas.gitops.history import Hold, desired_revisions, find
from holkas.gitops.status import ApplicationStatus, SyncStatus
from holkas.model.health import HealthStatus
from holkas.reconciler import projection as on
from holkas.reconciler.book import Book
from holkas.reconciler.comparing import Comparer
from holkas.reconciler.deciding import Statuses, decided, overdue
from holkas.reconciler.desired_store import DesiredStore
from holkas.reconciler.forms import hold_form, key_form, retry_form
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed, read_desired
from holkas.reconciler.operation import Operation
from holkas.reconciler.place import Place
from holkas.reconciler.requesting import Going, Requests, nothing_goes
from holkas.reconciler.syncer import Gone, Listener, Standing, Syncer
from holkas.records import dataclass
from holkas.state.ledger import Ledger
from holkas.state.lock import OwnerLock

BUGS = (ValueError, LookupError, TypeError, AttributeError, OSError)
"""What a document that no rule foresaw, or a plugin with a bug, may raise."""
COMPARED_AGAIN = 10.0
"""Seconds until an application is looked at again that the target would not have compared."""
LOCKED_AGAIN = 2.0
"""Seconds until an application is looked at again that somebody else is syncing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all applications share. ledger: None for dry runs, of which nothing is kept.

    health: users' own checks. jq: works out long expressions of ``ignoreDifferences``. pool: for acts of one group.
    stopping: whether everything is to end soon.
    """

    place: Place
    ledger: Ledger | None
    clock: Callable[[], float]
    told: Listener
    health: HealthOverride | None = None
    jq: JqPlaces | None = None
    pool: Executor | None = None
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of a look. due: when the next one is worth it by itself, seconds since the epoch; None for never.

    started: an operation began. decision: of the automatic sync.
    """

    status: ApplicationStatus
    due: float | None = None
    started: bool = False
    decision: AutoSync | None = None


class Unit:
    """One application. Not safe for threads: one at a time looks at it.

    going: what its operations wait for although it is not live any more.
    """

    def __init__(self, managed: Managed, view: LiveView, tools: Tools, going: Going = nothing_goes) -> None:
        self.declared = managed
        self.view = view
        self.tools = tools
        self.book = Book(tools.ledger, tools.place.installation, managed.name, tools.clock)
        self.store = DesiredStore(tools.place.root, managed.name)
        self.status: ApplicationStatus | None = None
        self.comparer = Comparer(
            managed, view, tools.health, tools.jq, cannot=lambda told: self._tell("warning", message=told)
        )
        self._held: tuple[str, Managed] | None = None
        self._going = going

    @property
    def name(self) -> str:
        """The application's name."""
        return self.declared.name

    # -- what is desired

    def managed(self) -> Managed:
        """The application as it is to be now: as declared, or as a rollback that lasts holds it."""
        hold = self.book.hold
        if hold is None:
            return self.declared
        declared = self.declared.desired
        # Contents and not commits: in a repository of many, each commit is a new revision of all of them.
        _, lasts = desired_revisions((declared.digest,), hold)
        if lasts is None and not declared.conditions:
            self.book.note(on.RELEASED, {"reason": "something newer is desired"})
            self._tell("released", reason="something newer is desired")
            return self.declared
        form = self.book.view["hold"]
        digest = str(form["desired"])
        if self._held is None or self._held[0] != digest:
            self._held = (digest, self.kept(digest, tuple(form["synced"])))
        return replace(self.declared, desired=self._held[1].desired)

    def kept(self, digest: str, revisions: tuple[str, ...]) -> Managed:
        """The application with what was desired at another time; with nothing but an error, where that is gone."""
        kept = self.store.load(digest)
        if kept is None:
            conditions = (("ComparisonError", "what was desired then is no longer kept"),)
            desired = replace(self.declared.desired, manifests=(), keys=(), conditions=conditions)
            return replace(self.declared, desired=desired)
        return replace(
            self.declared, desired=read_desired(self.name, kept.text, digest, revisions, kept.manifest)
        )

    def hold(self, number: int, *, lasting: bool, reason: str) -> Managed:
        """Record a rollback to an entry of the history, and return the application as it was then.

        lasting: until a person ends it; else until what is desired becomes another than what is desired now.
        """
        entry = find(self.book.history, number)
        digest = self.book.desired_of(number)
        if entry is None or not digest:
            raise LookupError(number)
        managed = self.kept(digest, entry.revisions)
        hold = Hold(
            revisions=(sha256(managed.desired.text.encode("utf-8", "surrogatepass")).hexdigest(),),
            instead_of=None if lasting else (self.declared.desired.digest,),
            reason=reason,
        )
        form = {**(hold_form(hold) or {}), "desired": digest, "synced": list(entry.revisions), "id": number}
        self.book.note(on.HELD, {"hold": form})
        self._tell("held", id=number)
        return managed

    def release(self, reason: str) -> None:
        """End a rollback that lasts, if there is one."""
        if self.book.hold is not None:
            self.book.note(on.RELEASED, {"reason": reason})
            self._tell("released", reason=reason)

    # -- looking

    def compare(self) -> ApplicationStatus:
        """How the application is, by the view as it is; changes are recorded."""
        status = self.comparer.status(self.managed())
        self._note(status)
        return status

    def unreachable(self, reason: str) -> ApplicationStatus:
        """How it is when its target cannot be seen."""
        status = ApplicationStatus(
            sync=SyncStatus.UNKNOWN,
            health=HealthStatus.UNKNOWN,
            conditions=(("ComparisonError", reason),),
        )
        self._note(status)
        return status

    def _note(self, status: ApplicationStatus) -> None:
        self.status = status
        self.book.declare(self.declared.parent, cascade_of(self.declared.application.finalizers))
        known = self.book.view["status"]
        now = {"sync": str(status.sync), "health": str(status.health)}
        if known is None or any(known[name] != value for name, value in now.items()):
            self.book.note(on.STATUS, now)
            self._tell("status", **now)
        self.book.flush()

    # -- acting

    def quiet(self) -> Looked | None:
        """The look at an application with which nothing is to be done; None where there may be something."""
        if self.book.operation is not None or self.declared.is_skipped or self.book.hold is not None:
            return None
        status = self.compare()
        return Looked(status=status) if status.sync is SyncStatus.SYNCED else None

    def look(self, statuses: Statuses) -> Looked:
        """Go on with what was begun, compare, and do what is to be done. Raises ToolError, StateUnusable."""
        if self.declared.is_skipped:
            return Looked(status=self.status or self.compare())
        started = False
        operation = self.book.operation
        if operation is not None:
            reason = overdue(self.declared, operation, self.tools.clock())
            if reason and not self.book.terminating:
                self._tell("refused", message=f"the sync is ended: {reason}")
                self.book.terminate()
            gone = self.go_on()
            if gone is None or gone.standing is Standing.WAITING:
                due = gone.due if gone is not None else self.tools.clock() + LOCKED_AGAIN
                return Looked(status=self.compare(), due=due)
        status = self.compare()
        decision = decided(self.managed(), status, self.book, statuses, now=self.tools.clock())
        due = None if decision.retry_after is None else self.tools.clock() + decision.retry_after
        if decision.sync:
            started = True
            gone = self._automatic(decision)
            status = self.compare()
            due = gone.due if gone is not None else self.tools.clock() + LOCKED_AGAIN
            if gone is not None and gone.standing is Standing.FINISHED:
                due = self.tools.clock()
        elif decision.error:
            self._tell("refused", message=decision.reason)
        if self.comparer.unsure:
            due = self.tools.clock() + COMPARED_AGAIN
        return Looked(status=status, due=due, started=started, decision=decision)

    def _automatic(self, decision: AutoSync) -> Gone | None:
        managed = self.managed()
        policy = managed.application.policy
        operation = self.request(
            managed,
            managed.options(prune=policy.prunes),
            selected=frozenset(decision.resources) or None,
            heals=decision.heals,
        )
        return self.begin(operation)

    def request(self, managed: Managed, options: Any, **more: Any) -> Operation:
        """An operation that brings the application to what ``managed`` says; what it says is kept."""
        digest = (
            self.store.keep(managed.manifest, managed.desired.text) if self.tools.ledger is not None else ""
        )
        return Operation(
            id=0,
            desired=digest,
            revisions=managed.desired.revisions,
            source=managed.desired.source,
            options=options,
            retry=more.pop("retry", retry_form(managed.application.policy.retry)),
            **more,
        )

    def deletion(self, by: str = "", propagation: str = "", *, confirmed: bool = False) -> Operation:
        """An operation at whose end nothing of the application is left but what is to be kept.

        propagation: of each deletion; empty for what the application's finalizer says.
        """
        managed = self.managed()
        how = propagation or cascade_of(managed.application.finalizers) or FOREGROUND
        options = managed.options(prune=True, prune_confirmed=confirmed, propagation=how)
        return self.request(managed, options, by=by, delete=True, retry=None)

    def begin(self, operation: Operation, managed: Managed | None = None) -> Gone | None:
        """Record an operation and carry it out as far as it goes; None where somebody else syncs the application.

        managed: what its digest stands for, where that is known.
        """
        with _lock(self.tools, self.name) as lock:
            if not lock:
                return None
            self.book.reload()
            if self.book.operation is not None:
                return None
            made = self.book.start(operation)
            selected = None if made.selected is None else [key_form(key) for key in sorted(made.selected)]
            self._tell(
                "started",
                id=made.id,
                revisions=list(made.revisions),
                selected=selected,
                by=made.by,
                delete=made.delete,
            )
            return self._go(managed or self._of(made))

    def go_on(self) -> Gone | None:
        """Go on with the operation that was begun; None where somebody else does that."""
        with _lock(self.tools, self.name) as lock:
            if not lock:
                return None
            self.book.reload()
            operation = self.book.operation
            if operation is None:
                return None
            return self._go(self._of(operation))

    def _of(self, operation: Operation) -> Managed:
        managed = self.managed()
        if operation.source == managed.desired.source and operation.revisions == managed.desired.revisions:
            return managed
        return self.kept(operation.desired, operation.revisions)

    def _go(self, managed: Managed) -> Gone:
        requests = Requests(
            managed,
            self.view,
            self.comparer.settings(managed),
            declared=self.declared.manifest,
            going=self._going,
        )
        syncer = Syncer(
            managed,
            self.book,
            self.view,
            requests,
            pool=self.tools.pool,
            health=self.tools.health,
            told=self.tools.told,
            stopping=self.tools.stopping,
        )
        gone = syncer.go()
        if gone.standing is Standing.FINISHED:
            self.view.refresh()
            if self.tools.ledger is not None:
                self.store.sweep(self.book.digests())
        return gone

    def _tell(self, kind: str, **data: Any) -> None:
        self.tools.told(self.name, kind, data)


@contextmanager
def _lock(tools: Tools, name: str) -> Iterator[bool]:
    """Whether an application's lock is held inside of the block: not where somebody else has it."""
    if tools.ledger is None:
        yield True
        return
    lock = OwnerLock(tools.place.lock(name))
    taken = lock.take()
    try:
        yield taken
    finally:
        lock.release()
