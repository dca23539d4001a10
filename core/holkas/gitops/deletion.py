"""How the resources of an application go when it is deleted (Argo CD, "App Deletion", "Resource Hooks").

First its PreDelete hooks run, then its resources go, those of the highest wave first, each wave when the one before is
gone, then its PostDelete hooks run. It goes on as a sync does: step by step, from records, through any crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from holkas.gitops.annotations import OPERATION, with_annotations
from holkas.gitops.health import HealthOverride
from holkas.gitops.hooks import HookType, is_delete_hook, named
from holkas.gitops.order import is_crd, ordered, wave_of
from holkas.gitops.plan import next_deleted
from holkas.gitops.progress import Act, ActGroup, ActKind, Step, SyncState, advance, is_going, waiting_message
from holkas.gitops.sync_options import SyncOptions, keeps_when_deleted, needs_delete_confirmation
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, SyncPhase, SyncTask, TaskKey, key_of
from holkas.records import dataclass

Manifest = Mapping[str, Any]

_OWN = (HookType.PRE_DELETE, HookType.POST_DELETE)
"""Hooks that go by their delete policy; those of syncs go with the other resources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionRequest:
    """What is to go. desired: manifests as rendered, for their delete hooks. live: the application's resources.

    live_hooks: what is live of the hooks. confirmed: somebody agreed that resources go that ask for it. itself: the
    application, where it may be one of its own resources.
    """

    desired: tuple[Manifest, ...] = ()
    live: Mapping[ResourceKey, Manifest] = field(default_factory=dict)
    live_hooks: Mapping[ResourceKey, Manifest] = field(default_factory=dict)
    sync_options: tuple[str, ...] = ()
    confirmed: bool = False
    itself: ResourceKey | None = None
    operation: str = ""
    revision: str = ""
    started_at: float = 0.0


def advance_deletion(
    request: DeletionRequest, state: SyncState, *, health: HealthOverride | None = None
) -> Step:
    """The next step. Its phase is Succeeded once nothing is left but what is to be kept; then the application may go."""
    known = SyncState(results=state.results, dry_run_done=True, terminating=state.terminating)
    before = _hooks(request, HookType.PRE_DELETE, SyncPhase.PRE_SYNC)
    step = advance(before, known, SyncOptions(), operation=request.operation, health=health)
    if step.phase is not OperationPhase.SUCCEEDED:
        return step
    going = _resources(request)
    if going is not None:
        return Step(
            phase=going.phase,
            message=going.message,
            groups=(*step.groups, *going.groups),
            results={**step.results, **going.results},
        )
    after = _hooks(request, HookType.POST_DELETE, SyncPhase.POST_SYNC)
    last = advance(after, known, SyncOptions(), operation=request.operation, health=health)
    return Step(
        phase=last.phase,
        message=last.message if last.phase is not OperationPhase.SUCCEEDED else "all resources are gone",
        groups=(*step.groups, *last.groups),
        results={**step.results, **last.results},
    )


def _hooks(request: DeletionRequest, kind: HookType, phase: SyncPhase) -> list[SyncTask]:
    tasks = []
    for manifest in request.desired:
        if is_delete_hook(manifest, kind):
            target = named(manifest, revision=request.revision, phase=phase, started_at=request.started_at)
            if request.operation:
                target = with_annotations(target, {OPERATION: request.operation})
            key = key_of(target)
            live = request.live_hooks.get(key, request.live.get(key))
            task_key = TaskKey(resource=key, phase=phase)
            tasks.append(SyncTask(key=task_key, wave=wave_of(target), target=target, live=live, hook=True))
    return ordered(tasks)


def _resources(request: DeletionRequest) -> Step | None:
    """The wave that goes now; None where nothing is left to go."""
    leaving = [
        manifest
        for key, manifest in request.live.items()
        if not keeps_when_deleted(manifest)
        and not any(is_delete_hook(manifest, hook) for hook in _OWN)
        and not is_crd(manifest)  # everything of its kind would go with it, whoever it belongs to
        and key != request.itself
    ]
    if not leaving:
        return None
    asking = [m for m in leaving if needs_delete_confirmation(m, request.sync_options)]
    if asking and not request.confirmed:
        return _running("deletion confirmation of", asking, ())
    wave = next_deleted(leaving)
    acts = tuple(
        Act(kind=ActKind.DELETE, task=task)
        for task in _tasks(wave)
        if task.live is not None and not is_going(task.live)
    )
    return _running("deletion of", wave, (ActGroup(acts=acts),) if acts else ())


def _running(what: str, manifests: Iterable[Manifest], groups: tuple[ActGroup, ...]) -> Step:
    message = waiting_message(what, _tasks(manifests))
    return Step(phase=OperationPhase.RUNNING, message=message, groups=groups)


def _tasks(manifests: Iterable[Manifest]) -> list[SyncTask]:
    return [
        SyncTask(
            key=TaskKey(resource=key_of(manifest), phase=SyncPhase.SYNC),
            wave=wave_of(manifest),
            live=manifest,
        )
        for manifest in manifests
    ]
