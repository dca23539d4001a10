"""Deleting applications, writing single resources, and looking again at what has not changed."""

from __future__ import annotations

import copy

import pytest
from holkas.extensions.target import ApplyWay, Propagation
from holkas.gitops.applying import apply_options, propagation
from holkas.gitops.deletion import DeletionRequest, advance_deletion
from holkas.gitops.plan import SyncRequest, plan
from holkas.gitops.progress import Act, ActKind, SyncState
from holkas.gitops.status import SyncStatus
from holkas.gitops.status_memory import StatusMemory
from holkas.gitops.sync_options import SyncOptions
from holkas.gitops.sync_outcome import applied
from holkas.model.health import Health, HealthStatus
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, SyncPhase, TaskKey, key_of


def thing(name, kind="ConfigMap", version="v1", **annotations):
    names = {"wave": "sync-wave", "hook": "hook", "options": "sync-options", "policy": "hook-delete-policy"}
    found = {f"argocd.argoproj.io/{names[key]}": value for key, value in annotations.items()}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "annotations": found}}


def delete(desired, live, *, looks=20, confirmed=False, health=None):
    """Drives a deletion to its end; what was done, and how it ended."""
    there = {key_of(manifest): manifest for manifest in live}
    mine = set(there)
    state, log = SyncState(), []
    for _ in range(looks):
        request = DeletionRequest(
            desired=tuple(desired),
            live={key: value for key, value in there.items() if key in mine},
            live_hooks={key: value for key, value in there.items() if key not in mine},
            confirmed=confirmed,
            operation="op",
        )
        step = advance_deletion(request, state, health=health)
        state = state.with_results(step.results)
        for group in step.groups:
            for act in group.acts:
                log.append(f"{act.kind} {act.task.key.resource.name}")
                if act.kind is ActKind.APPLY:
                    there[act.task.key.resource] = dict(act.task.target)
                    state = state.with_results({act.task.key: applied()})
                else:
                    there.pop(act.task.key.resource, None)
        if step.phase.completed:
            return log, step.phase, there
    return log, step.message, there


def test_resources_go_wave_by_wave_between_the_delete_hooks():
    hooks = [thing("before", hook="PreDelete", policy="HookSucceeded"), thing("after", hook="PostDelete")]
    log, phase, there = delete(hooks, [thing("a"), thing("b", wave="2"), thing("c", wave="2")])
    assert log == ["apply before", "delete before", "delete b", "delete c", "delete a", "apply after"]
    assert phase is OperationPhase.SUCCEEDED
    assert [key.name for key in there] == ["after"]


def test_what_is_to_be_kept_stays_and_what_asks_for_confirmation_waits():
    kept, asks = thing("kept", options="Delete=false"), thing("asks", options="Delete=confirm")
    log, message, _ = delete([], [kept, asks])
    assert (log, message) == ([], "waiting for deletion confirmation of /ConfigMap/asks")
    log, phase, there = delete([], [kept, asks], confirmed=True)
    assert (log, phase, [key.name for key in there]) == (["delete asks"], OperationPhase.SUCCEEDED, ["kept"])


def test_a_failed_hook_keeps_the_resources():
    failing = thing("before", hook="PreDelete")
    log, phase, there = delete(
        [failing], [thing("a")], health=lambda m: Health(status=HealthStatus.DEGRADED, message="no")
    )
    assert (log, phase) == (["apply before"], OperationPhase.FAILED)
    assert ResourceKey(kind="ConfigMap", name="a") in there


def test_nothing_to_delete_is_done():
    assert delete([], [])[1] is OperationPhase.SUCCEEDED


def test_what_is_going_is_waited_for_and_not_deleted_again():
    going = thing("a")
    going["metadata"]["deletionTimestamp"] = "now"
    request = DeletionRequest(live={key_of(going): going})
    step = advance_deletion(request, SyncState())
    assert (step.groups, step.message) == ((), "waiting for deletion of /ConfigMap/a")


CRD = thing("crd", "CustomResourceDefinition", "apiextensions.k8s.io/v1")


@pytest.mark.parametrize(
    ("manifest", "live", "options", "expected"),
    [
        (thing("a"), False, {}, (ApplyWay.APPLY, False)),
        (thing("a"), True, {"server_side": True}, (ApplyWay.SERVER_SIDE, False)),
        (thing("a", options="ServerSideApply=true"), True, {}, (ApplyWay.SERVER_SIDE, False)),
        (thing("a", options="ServerSideApply=false"), True, {"server_side": True}, (ApplyWay.APPLY, False)),
        (thing("a"), True, {"replace": True, "force": True}, (ApplyWay.REPLACE, True)),
        (thing("a"), False, {"replace": True}, (ApplyWay.CREATE, False)),
        (thing("a", options="Replace=true,Force=true"), True, {}, (ApplyWay.REPLACE, True)),
        (CRD, True, {"replace": True, "force": True}, (ApplyWay.REPLACE, False)),
        (thing("n", "Namespace"), True, {"replace": True, "force": True}, (ApplyWay.REPLACE, False)),
        (thing("a"), True, {"force": True}, (ApplyWay.APPLY, True)),
    ],
)
def test_how_a_resource_is_written(manifest, live, options, expected):
    chosen = SyncOptions(**options)
    request = SyncRequest(
        desired=(manifest,), live={key_of(manifest): manifest} if live else {}, options=chosen
    )
    [task] = plan(request)
    found = apply_options(Act(kind=ActKind.APPLY, task=task), chosen)
    assert (found.way, found.force) == expected
    dry = apply_options(Act(kind=ActKind.APPLY, task=task, dry_run=True), chosen)
    assert dry.dry_run and dry.way is not ApplyWay.SERVER_SIDE


def test_validation_and_propagation_are_options():
    manifest = thing("a", options="Validate=false")
    [task] = plan(SyncRequest(desired=(manifest,)))
    assert not apply_options(Act(kind=ActKind.APPLY, task=task), SyncOptions()).validate
    assert propagation(SyncOptions(propagation="orphan")) is Propagation.ORPHAN


def test_only_syncs_of_everything_are_recorded():
    assert SyncRequest(desired=()).is_recorded
    assert not SyncRequest(desired=(), selected=frozenset()).is_recorded
    assert not SyncRequest(desired=(), options=SyncOptions(dry_run=True)).is_recorded


def test_the_same_look_again_is_the_same_object_until_something_changes():
    memory = StatusMemory()
    desired = [thing("a")]
    live = {key_of(manifest): manifest for manifest in copy.deepcopy(desired)}
    first = memory.look(desired, live)
    assert first.sync is SyncStatus.SYNCED
    assert memory.look(copy.deepcopy(desired), copy.deepcopy(live)) is first
    assert memory.look(desired, {}).sync is SyncStatus.OUT_OF_SYNC
    assert memory.look(desired, live, conditions=(("ComparisonError", "x"),)).sync is SyncStatus.UNKNOWN
    assert memory.look(desired, live).sync is SyncStatus.SYNCED


def test_keys_of_tasks_are_told_apart_by_phase():
    key = ResourceKey(kind="Job", name="j")
    assert str(TaskKey(resource=key, phase=SyncPhase.SYNC)) != str(
        TaskKey(resource=key, phase=SyncPhase.PRE_SYNC)
    )
