"""A target in memory, a driver of syncs that can be killed between any two moments, and what became of it all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from holkas.gitops.plan import SyncRequest, plan
from holkas.gitops.progress import Act, ActKind, Step, SyncState, advance
from holkas.gitops.sync_outcome import applied, pruned, refused
from holkas.model.health import Health, HealthStatus
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, TaskResult, key_of


class Killed(Exception):
    """The process ended here."""


@dataclass
class World:
    """live: what the target has. managed: keys that are the application's (hooks are not). log: what was done.

    refuses: names that cannot be applied. health: what a name's health is, in turn, at each look; the last one stays.
    """

    live: dict[ResourceKey, dict[str, Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    health: dict[str, list[str]] = field(default_factory=dict)
    lingering: set[str] = field(default_factory=set)
    state: SyncState = field(default_factory=SyncState)
    ended: tuple[OperationPhase, str] | None = None
    moments: int = 0
    kill_at: int = -1

    def moment(self) -> None:
        self.moments += 1
        if self.moments == self.kill_at:
            raise Killed

    def judge(self, manifest: Any) -> Health | None:
        turns = self.health.get(manifest["metadata"]["name"])
        if not turns:
            return None
        word = turns[0] if len(turns) == 1 else turns.pop(0)
        return Health(status=HealthStatus(word), message=word.lower())

    def do(self, act: Act) -> TaskResult:
        key = act.task.key.resource
        if act.dry_run:
            return refused("no") if key.name in self.refuses else applied(dry_run=True)
        self.log.append(f"{act.kind} {key.name}")
        if act.kind is ActKind.APPLY:
            if key.name in self.refuses:
                return refused("no")
            self.live[key] = dict(act.task.target)
            return applied("made")
        if key.name in self.lingering:
            manifest = self.live[key]
            self.live[key] = {**manifest, "metadata": {**manifest["metadata"], "deletionTimestamp": "now"}}
        else:
            self.live.pop(key, None)
        return pruned()

    def drive(self, request: SyncRequest, looks: int = 40) -> None:
        """Goes on until the operation ends; raises Killed at the moment ``kill_at``."""
        for _ in range(looks):
            if self.ended is not None:
                return
            step = self.next(request)
            self._record(step)
            if not self._execute(step):
                continue
            if step.phase.completed:
                self.moment()
                self.ended = (step.phase, step.message)
        return

    def next(self, request: SyncRequest) -> Step:
        hooks = {key: value for key, value in self.live.items() if key not in request.live}
        current = {key: self.live[key] for key in request.live if key in self.live}
        desired = {key_of(manifest) for manifest in request.desired}
        current |= {key: self.live[key] for key in desired if key in self.live}
        now = SyncRequest(
            **{name: getattr(request, name) for name in request.__dataclass_fields__}
            | {"live": current, "live_hooks": hooks}
        )
        return advance(plan(now), self.state, request.options, operation=request.operation, health=self.judge)

    def _record(self, step: Step) -> None:
        if step.results:
            self.moment()
            self.state = self.state.with_results(step.results)
            self.moment()

    def _execute(self, step: Step) -> bool:
        for group in step.groups:
            failed = False
            for act in group.acts:
                self.moment()
                result = self.do(act)
                self.moment()
                failed = failed or result.state is OperationPhase.FAILED
                recorded = not step.dry_run and act.kind is not ActKind.DELETE
                if recorded or (step.dry_run and result.state is OperationPhase.FAILED):
                    self.state = self.state.with_results({act.task.key: result})
            if failed and group.stops:
                return False
        if step.dry_run:
            self.moment()
            self.state = SyncState(
                results=self.state.results, dry_run_done=True, terminating=self.state.terminating
            )
        return True
