"""Drives one operation: asks what is next, records it, does it, records what became of it, and asks again.

It may be killed between any two of these, by whatever means: who opens the same records goes on, and ends in the same
state. It never waits: where the next step has to be waited for, :meth:`Syncer.go` says so and is called again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from enum import StrEnum
from typing import Any

from holkas.gitops.deletion import advance_deletion
from holkas.gitops.diff import IgnoreRuleError, compare
from holkas.gitops.health import HealthOverride
from holkas.gitops.history import recorded
from holkas.gitops.plan import plan
from holkas.gitops.progress import Act, ActGroup, ActKind, Step, advance
from holkas.gitops.retry import retry_delay
from holkas.gitops.sync_outcome import refused
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, SyncTask, TaskKey, TaskResult, key_of
from holkas.reconciler import projection as on
from holkas.reconciler.acting import carry_out
from holkas.reconciler.book import Book
from holkas.reconciler.comparing import shared_resources
from holkas.reconciler.forms import history_form, retry_from
from holkas.reconciler.health_of import health_for
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed
from holkas.reconciler.operation import Operation
from holkas.reconciler.requesting import Requests
from holkas.records import dataclass
from holkas.roles.errors import ToolError

Listener = Callable[[str, str, Mapping[str, Any]], None]
"""Is told the application, what happened (``act``, ``result``, ``waiting``, ``warning``, …) and its particulars."""


class Standing(StrEnum):
    """How an operation stands after a call."""

    WAITING = "waiting"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """How far it went. phase, message: of the operation. due: when it is worth asking again, seconds since the epoch."""

    standing: Standing
    phase: OperationPhase
    message: str
    due: float | None = None


LOOK_AGAIN = 1.0
"""Seconds between looks at what is waited for, in targets that tell nothing by themselves."""


class Syncer:
    """One operation of one application. ``pool``: for acts of a group; None does them one after another."""

    def __init__(
        self,
        managed: Managed,
        book: Book,
        view: LiveView,
        requests: Requests,
        *,
        pool: Executor | None = None,
        health: HealthOverride | None = None,
        told: Listener | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        operation = book.operation
        if operation is None:
            raise AssertionError("there is no operation to go on with")
        self.operation: Operation = operation
        self._managed = managed
        self._book = book
        self._view = view
        self._requests = requests
        self._pool = pool
        self._health = health_for(view.target, health)
        self._told = told or (lambda name, kind, data: None)
        self._stopping = stopping

    def go(self) -> Gone:
        """Go on until the end, or until something has to be waited for. Raises ToolError where nothing can be seen of
        the target, StateUnusable where nothing can be recorded."""
        try:
            return self._go()
        except ToolError:
            self._book.flush()
            raise

    def _go(self) -> Gone:
        if self.operation.retry_at is not None:
            if self._book.clock() < self.operation.retry_at and not self._book.terminating:
                return self._waiting("waiting before the next attempt", self.operation.retry_at)
            self._book.attempt(self.operation.attempt + 1)
            self._reload()
        before: Step | None = None
        while True:
            if self._stopping():
                return self._waiting("stopping", self._book.clock())
            self._book.look()
            self._view.refresh()
            step = self._refusal() or self._step()
            self._results(step.results)
            complete = self._do(step)
            if complete and step.phase.completed:
                return self._end(step)
            same = not step.groups or (before is not None and _acts(step) == _acts(before))
            before = step
            if same and not step.results:  # nothing to do, or what was done has no effect yet
                self._tell("waiting", message=step.message)
                return self._waiting(step.message, self._book.clock() + LOOK_AGAIN)

    def _reload(self) -> None:
        operation = self._book.operation
        assert operation is not None
        self.operation = operation

    # -- deciding

    def _refusal(self) -> Step | None:
        """Why the sync fails before it begins: Argo CD's ``FailOnSharedResource``."""
        if not self.operation.options.fail_on_shared_resource or self._book.state.started:
            return None
        shared = shared_resources(self._managed, self._view)
        if not shared:
            return None
        return Step(phase=OperationPhase.FAILED, message=f"Shared resource found: {shared[0]}")

    def _step(self) -> Step:
        try:
            return self._next()
        except IgnoreRuleError as error:
            return Step(phase=OperationPhase.ERROR, message=f"ComparisonError: {error}")

    def _next(self) -> Step:
        if self.operation.delete:
            request_to_delete = self._requests.deletion(self.operation)
            return advance_deletion(request_to_delete, self._book.state, health=self._health)
        request = self._requests.sync(self.operation)
        tasks = plan(request, self._view.namespaced())
        if not self._book.terminating and (refusal := self._not_permitted(tasks)):
            return refusal
        unchanged: frozenset[ResourceKey] = frozenset()
        if request.options.apply_out_of_sync_only:
            unchanged = frozenset(
                key_of(one)
                for one in request.desired
                if not compare(one, request.live.get(key_of(one)), self._requests.settings).modified
            )
        return advance(
            tasks,
            self._book.state,
            request.options,
            operation=self.operation.mark,
            unchanged=unchanged,
            health=self._health,
        )

    def _not_permitted(self, tasks: Sequence[SyncTask]) -> Step | None:
        """Why the sync fails as a whole: one of its tasks is about what the project forbids."""
        reasons = self._requests.permissions.refusals(task.key.resource for task in tasks)
        if not reasons:
            return None
        told = ", ".join(sorted(set(reasons.values())))
        return Step(
            phase=OperationPhase.FAILED,
            message=f"one or more synchronization tasks are not valid: {told}",
            results={
                task.key: refused(reasons[task.key.resource])
                for task in tasks
                if task.key.resource in reasons
            },
        )

    # -- doing

    def _do(self, step: Step) -> bool:
        """The groups of a step, one after another; False where one of them failed so that the others must not begin."""
        for group in step.groups:
            if self._group(group, ended=step.phase.completed) and group.stops:
                return False
        if step.dry_run:
            self._book.tried()
        return True

    def _group(self, group: ActGroup, *, ended: bool) -> bool:
        """Acts at once; whether one of them failed."""
        self._book.acts(group.acts)
        for act in group.acts:
            self._tell("act", key=str(act.task.key.resource), act=str(act.kind), dry_run=act.dry_run)
        outcomes = list(self._pool.map(self._act, group.acts) if self._pool else map(self._act, group.acts))
        failed = False
        kept: dict[TaskKey, TaskResult] = {}
        for act, outcome in zip(group.acts, outcomes, strict=True):
            refusal = outcome.state is OperationPhase.FAILED
            failed = failed or refusal
            if _is_kept(act, group, refusal=refusal, ended=ended):
                kept[act.task.key] = outcome
            elif refusal:
                self._tell("warning", key=str(act.task.key.resource), message=outcome.message)
        self._results(kept)
        return failed

    def _act(self, act: Act) -> TaskResult:
        options = self.operation.options
        try:
            return carry_out(act, self._view.target, options, self._requests.permissions.reason)
        except OSError as error:
            return refused(f"{error.strerror or error}")

    def _results(self, results: Mapping[TaskKey, TaskResult]) -> None:
        self._book.results(results)
        for key, result in results.items():
            self._tell(
                "result",
                key=str(key.resource),
                phase=str(key.phase),
                code=str(result.code or ""),
                state=str(result.state or ""),
                message=result.message,
            )

    # -- ending

    def _end(self, step: Step) -> Gone:
        phase, message = step.phase, step.message
        operation, now = self.operation, self._book.clock()
        if phase is not OperationPhase.SUCCEEDED and not self._book.terminating:
            delay = retry_delay(operation.attempt, retry_from(operation.retry), automatic=operation.automatic)
            if delay is not None and not operation.options.dry_run:
                at = now + delay
                self._book.retry(at, message)
                self._reload()
                self._tell("retry", message=message, seconds=delay)
                return self._waiting(message, at)
        self._book.note(
            on.FINISHED, {"last": self._last(phase, message, now), "history": self._history(phase)}
        )
        if phase is OperationPhase.SUCCEEDED and not operation.options.dry_run:
            self._settle(message)
        self._tell("finished", phase=str(phase), message=message)
        return Gone(standing=Standing.FINISHED, phase=phase, message=message)

    def _last(self, phase: OperationPhase, message: str, now: float) -> dict[str, Any]:
        operation = self.operation
        return {
            "id": operation.id,
            "phase": str(phase),
            "message": message,
            "revisions": list(operation.revisions),
            "source": operation.source,
            "started_at": operation.started_at,
            "finished_at": now,
            "attempts": operation.attempt + 1,
            "heals": operation.heals,
            "by": operation.by,
            "selective": operation.selected is not None,
            "desired": operation.desired,
            "deleted": operation.delete,
            "place": self._managed.place,
        }

    def _history(self, phase: OperationPhase) -> list[dict[str, Any]] | None:
        """The history with this sync in it; None where it does not go in: it failed, or was only a part."""
        operation, book = self.operation, self._book
        if (
            phase is not OperationPhase.SUCCEEDED
            or operation.selected is not None
            or operation.options.dry_run
        ):
            return None
        if operation.delete:
            return []
        entries = recorded(
            book.history,
            revisions=operation.revisions,
            started_at=operation.started_at,
            now=book.clock(),
            by=operation.by,
            limit=self._managed.application.history_limit,
        )
        digests = {form["id"]: str(form["desired"]) for form in book.view["history"]}
        return [history_form(entry, digests.get(entry.id, operation.desired)) for entry in entries]

    def _settle(self, message: str) -> None:
        revisions = ", ".join(revision[:12] for revision in self.operation.revisions)
        try:
            what = "deleted" if self.operation.delete else f"synced to {revisions}"
            self._view.target.settled(f"{self._managed.name}: {what}")
        except ToolError as error:
            self._tell("warning", key="", message=str(error))

    def _waiting(self, message: str, due: float) -> Gone:
        self._book.flush()
        return Gone(standing=Standing.WAITING, phase=OperationPhase.RUNNING, message=message, due=due)

    def _tell(self, kind: str, **data: Any) -> None:
        self._told(self._managed.name, kind, data)


def _acts(step: Step) -> tuple[bool, list[tuple[Act, ...]]]:
    return step.dry_run, [group.acts for group in step.groups]


def _is_kept(act: Act, group: ActGroup, *, refusal: bool, ended: bool) -> bool:
    """Whether an outcome goes into the records as that of its task.

    A hook of an earlier sync that goes says nothing of the hook that is to come, unless it cannot go; a dry run that
    went well says nothing at all.
    """
    if act.kind is ActKind.DELETE:
        return refusal and group.stops and not ended
    if act.dry_run and act.kind is ActKind.APPLY and group.stops:
        return refusal
    return True
