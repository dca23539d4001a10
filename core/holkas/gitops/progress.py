"""How a sync goes on: from the plan and the results recorded so far to the next acts.

Whoever drives a sync asks :func:`advance` again and again: it records what the step found, does the step's groups one
after another (acts of one group at once), records each act before and each outcome after it, and asks anew with a fresh
look at the target. All that a sync remembers is in :class:`SyncState`, which the records give back after a crash; hooks
carry the operation's id, so that one that was made but not recorded is known and does not run twice.

The rules are those of Argo CD's engine ("Sync Phases and Waves", "Resource Hooks"): phases and waves one after another;
in a wave first prunes, then hooks of earlier syncs go, then what is desired is applied, kind by kind; the next wave when
everything of this one is healthy; after the last wave nothing is waited for but hooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from holkas.gitops.annotations import OPERATION, annotation
from holkas.gitops.health import HealthOverride, judge
from holkas.gitops.hooks import DeletePolicy, delete_policies
from holkas.gitops.sync_options import SyncOptions, has_option, keeps_when_pruned
from holkas.gitops.sync_outcome import hook_outcome, resource_outcome
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, ResultCode, SyncPhase, SyncTask, TaskKey, TaskResult
from holkas.records import dataclass


class ActKind(StrEnum):
    """What is done to one resource."""

    APPLY = "apply"
    PRUNE = "prune"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing to do. dry_run: only find out whether it would work."""

    kind: ActKind
    task: SyncTask
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActGroup:
    """Acts at once. stops: whether a failure among them keeps later groups of the step from being done."""

    acts: tuple[Act, ...]
    stops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is next. results: found out without doing anything, to be recorded before the groups are done.

    phase, message: of the operation. An operation that has completed may still have groups: hooks to delete.
    dry_run: this step is the dry run; once it went well, ``SyncState.dry_run_done`` is to be recorded.
    """

    phase: OperationPhase
    message: str
    groups: tuple[ActGroup, ...] = ()
    results: Mapping[TaskKey, TaskResult] = field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """What is recorded of a sync. started: keys of acts that were begun; those without a result were cut short."""

    results: Mapping[TaskKey, TaskResult] = field(default_factory=dict)
    started: frozenset[TaskKey] = frozenset()
    dry_run_done: bool = False
    terminating: bool = False

    def with_results(self, results: Mapping[TaskKey, TaskResult]) -> SyncState:
        """The state with further results."""
        return replace(self, results={**self.results, **results})


_RUNNING = OperationPhase.RUNNING
_FAILED = OperationPhase.FAILED
_SUCCEEDED = OperationPhase.SUCCEEDED


def advance(
    tasks: Sequence[SyncTask],
    state: SyncState,
    options: SyncOptions,
    *,
    operation: str = "",
    unchanged: frozenset[ResourceKey] = frozenset(),
    health: HealthOverride | None = None,
) -> Step:
    """The next step of a sync.

    tasks: the plan from a fresh look at the target. operation: the sync's id. unchanged: resources that are in sync,
    left alone under ApplyOutOfSyncOnly. health: users' own checks.
    """
    skipped = unchanged if options.apply_out_of_sync_only else frozenset()
    return _Advance(tasks, state, options, operation, skipped, health).step()


class _Advance:
    def __init__(
        self,
        tasks: Sequence[SyncTask],
        state: SyncState,
        options: SyncOptions,
        operation: str,
        unchanged: frozenset[ResourceKey],
        health: HealthOverride | None,
    ) -> None:
        self.all = list(tasks)
        self.state = state
        self.options = options
        self.operation = operation
        self.unchanged = unchanged
        self.health = health
        self.found: dict[TaskKey, TaskResult] = {}

    def step(self) -> Step:
        if self.state.terminating:
            return self._terminate()
        if not self.state.dry_run_done and not self.state.results:
            step = self._dry_run()
            if step is not None:
                return step
        self._adopt_own_hooks()
        if not self._is_settled():
            self._look()
            waiting = self._waiting()
            if waiting is not None:
                return waiting
        normal = [task for task in self.all if task.key.phase is not SyncPhase.SYNC_FAIL]
        if any(self._has_failed(task) for task in normal):
            return self._fail(normal, "one or more synchronization tasks completed unsuccessfully")
        pending = [task for task in normal if self._is_pending(task) and not self._is_left_alone(task)]
        if not pending:
            return self._end(_SUCCEEDED, "successfully synced (no more tasks)", DeletePolicy.HOOK_SUCCEEDED)
        phase, wave = pending[0].key.phase, pending[0].wave
        return self._apply([task for task in pending if (task.key.phase, task.wave) == (phase, wave)])

    # -- what is known of a task

    def _result(self, task: SyncTask) -> TaskResult:
        return self.found.get(task.key) or self.state.results.get(task.key) or _NO_RESULT

    def _is_pending(self, task: SyncTask) -> bool:
        return self._result(task).state is None

    def _is_running(self, task: SyncTask) -> bool:
        return self._result(task).state is _RUNNING

    def _has_failed(self, task: SyncTask) -> bool:
        state = self._result(task).state
        return state is not None and state.completed and state is not _SUCCEEDED

    def _is_left_alone(self, task: SyncTask) -> bool:
        return (
            not task.hook and task.key.resource in self.unchanged and task.live is not None and not task.prune
        )

    def _set(self, task: SyncTask, result: TaskResult) -> None:
        if result != self._result(task):
            self.found[task.key] = result

    # -- steps

    def _dry_run(self) -> Step | None:
        acts = tuple(
            Act(kind=ActKind.APPLY, task=task, dry_run=True)
            for task in self.all
            if not task.prune and not task.skip_dry_run and not self._is_left_alone(task)
        )
        if not acts:
            return None
        return self._running(
            "trying out what is to be applied", (ActGroup(acts=acts, stops=True),), dry_run=True
        )

    def _adopt_own_hooks(self) -> None:
        """Hooks that this operation made before it was cut short, unrecorded, are under way: they must not run twice."""
        for task in self.all:
            if (
                task.hook
                and task.live is not None
                and self.operation
                and self._is_pending(task)
                and annotation(task.live, OPERATION) == self.operation
            ):
                self._set(task, TaskResult(code=ResultCode.SYNCED, state=_RUNNING))

    def _is_settled(self) -> bool:
        """Whether nothing is left to start, and the last wave has no hook: its resources are not waited for."""
        normal = [task for task in self.all if task.key.phase is not SyncPhase.SYNC_FAIL]
        if any(self._is_pending(task) and not self._is_left_alone(task) for task in normal):
            return False
        if any(self._is_running(task) for task in self.all if task.key.phase is SyncPhase.SYNC_FAIL):
            return False
        last = (normal[-1].key.phase, normal[-1].wave) if normal else None
        return not any(task.hook for task in normal if (task.key.phase, task.wave) == last)

    def _look(self) -> None:
        """Brings running tasks up to date with what is live."""
        for task in self.all:
            if self._is_running(task) and task.hook and task.live is None:
                gone = "the hook was gone before its end was seen"
                self._set(task, replace(self._result(task), state=OperationPhase.ERROR, message=gone))
            elif self._is_running(task) and task.live is not None:
                judged = judge(task.live, self.health)
                now = hook_outcome(judged, task) if task.hook else resource_outcome(judged)
                if now is not None:
                    self._set(task, replace(self._result(task), state=now[0], message=now[1]))

    def _waiting(self) -> Step | None:
        several = len({(task.key.phase, task.wave) for task in self._edges()}) > 1
        running = [task for task in self.all if (several or task.hook) and self._is_running(task)]
        if running:
            return self._running(
                waiting_message("completion of hook" if running[0].hook else "healthy state of", running)
            )
        leaving = [
            task for task in self.all if self._result(task).code is ResultCode.PRUNED and is_going(task.live)
        ]
        return self._running(waiting_message("deletion of", leaving)) if leaving else None

    def _edges(self) -> list[SyncTask]:
        return [self.all[0], self.all[-1]] if self.all else []

    def _apply(self, tasks: list[SyncTask]) -> Step:
        """One wave: prunes, hooks of earlier syncs, then what is desired, kind by kind."""
        prunes = [task for task in tasks if task.prune]
        unconfirmed = (
            []
            if self.options.prune_confirmed
            else [task for task in prunes if has_option(task.live, "Prune=confirm")]
        )
        if unconfirmed:
            return self._running(waiting_message("pruning confirmation of", unconfirmed))
        groups = list(self._prune_groups(prunes))
        creates = [task for task in tasks if not task.prune]
        old = [task for task in creates if self._is_of_an_earlier_sync(task)]
        if old and not self.options.dry_run:
            groups.append(
                ActGroup(acts=tuple(Act(kind=ActKind.DELETE, task=task) for task in old), stops=True)
            )
            return self._running(waiting_message("deletion of", old), tuple(groups))
        groups += _by_kind(creates, self.options.dry_run)
        return self._running("one or more tasks are running", tuple(groups))

    def _prune_groups(self, prunes: list[SyncTask]) -> Iterable[ActGroup]:
        acts = []
        for task in prunes:
            reason = (
                "ignored (requires pruning)"
                if not self.options.prune
                else "ignored (no prune)"
                if keeps_when_pruned(task.live)
                else ""
            )
            if reason:
                result = TaskResult(code=ResultCode.PRUNE_SKIPPED, state=_SUCCEEDED, message=reason)
                self._set(task, result)
            elif is_going(task.live):
                self._set(task, TaskResult(code=ResultCode.PRUNED, state=_SUCCEEDED, message="pruned"))
            else:
                acts.append(Act(kind=ActKind.PRUNE, task=task, dry_run=self.options.dry_run))
        if acts:
            yield ActGroup(acts=tuple(acts), stops=True)

    def _is_of_an_earlier_sync(self, task: SyncTask) -> bool:
        return (
            task.hook
            and task.live is not None
            and DeletePolicy.BEFORE_HOOK_CREATION in delete_policies(task.manifest)
        )

    def _fail(self, tasks: list[SyncTask], message: str) -> Step:
        """Runs the SyncFail hooks, if there are any that have not run; then the sync has failed."""
        reasons = sorted(
            {
                self._result(task).message
                for task in tasks
                if self._result(task).code is ResultCode.SYNC_FAILED and self._result(task).message
            }
        )
        told = f"{message}, reason: {','.join(reasons)}" if reasons else message
        last = [task for task in self.all if task.key.phase is SyncPhase.SYNC_FAIL]
        pending = [task for task in last if self._is_pending(task)]
        if pending:
            wave = pending[0].wave
            return self._apply([task for task in pending if task.wave == wave])
        return self._end(_FAILED, told, DeletePolicy.HOOK_FAILED)

    def _end(self, phase: OperationPhase, message: str, policy: DeletePolicy) -> Step:
        """The end, with the hooks that go with it by their delete policy."""
        leaving = tuple(
            Act(kind=ActKind.DELETE, task=task)
            for task in self.all
            if task.hook
            and task.live is not None
            and not is_going(task.live)
            and not self._is_pending(task)
            and policy in delete_policies(task.manifest)
        )
        groups = (ActGroup(acts=leaving),) if leaving else ()
        return Step(phase=phase, message=message, groups=groups, results=self.found)

    def _terminate(self) -> Step:
        """Running hooks go; everything else stays as it is."""
        self._adopt_own_hooks()
        running = []
        for task in self.all:
            if task.hook and task.live is not None and self._is_running(task):
                judged = hook_outcome(judge(task.live, self.health), task)
                if judged is not None and judged[0] is not _RUNNING:
                    self._set(task, replace(self._result(task), state=judged[0], message=judged[1]))
                else:
                    running.append(task)
        acts = tuple(Act(kind=ActKind.DELETE, task=task) for task in running if not is_going(task.live))
        groups = (ActGroup(acts=acts),) if acts else ()
        return Step(phase=_FAILED, message="Operation terminated", groups=groups, results=self.found)

    def _running(self, message: str, groups: tuple[ActGroup, ...] = (), dry_run: bool = False) -> Step:
        return Step(phase=_RUNNING, message=message, groups=groups, results=self.found, dry_run=dry_run)


_NO_RESULT = TaskResult()


def _by_kind(tasks: list[SyncTask], dry_run: bool) -> list[ActGroup]:
    """Groups of consecutive tasks of one kind."""
    return [
        ActGroup(acts=tuple(Act(kind=ActKind.APPLY, task=task, dry_run=dry_run) for task in group))
        for _, group in groupby(tasks, key=lambda task: task.key.resource.kind)
    ]


def is_going(live: Mapping[str, Any] | None) -> bool:
    """Whether a live resource is being deleted already."""
    metadata = live.get("metadata") if live is not None else None
    return isinstance(metadata, Mapping) and metadata.get("deletionTimestamp") is not None


def waiting_message(what: str, tasks: Sequence[SyncTask]) -> str:
    """``waiting for healthy state of apps/Deployment/web and 2 more resources``; empty for no tasks."""
    if not tasks:
        return ""
    key = tasks[0].key.resource
    more = len(tasks) - 1
    rest = f" and {more} more {'hooks' if tasks[0].hook else 'resources'}" if more else ""
    return f"waiting for {what} {key.group}/{key.kind}/{key.name}{rest}"
