"""How syncs go on, fail, end, and survive."""

from __future__ import annotations

import contextlib

import pytest
from holkas.gitops.plan import SyncRequest
from holkas.gitops.progress import SyncState
from holkas.gitops.sync_options import SyncOptions
from holkas.model.sync import OperationPhase, ResultCode, key_of
from hypothesis import given
from hypothesis import strategies as st

from tests.sync_world import Killed, World

FAILED, SUCCEEDED = OperationPhase.FAILED, OperationPhase.SUCCEEDED


def thing(name, kind="ConfigMap", **annotations):
    names = {"wave": "sync-wave", "hook": "hook", "options": "sync-options", "policy": "hook-delete-policy"}
    found = {f"argocd.argoproj.io/{names[key]}": value for key, value in annotations.items()}
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "annotations": found}}


def request(*desired, live=(), **options):
    return SyncRequest(
        desired=desired,
        live={key_of(manifest): manifest for manifest in live},
        options=SyncOptions(**options),
        operation="op-1",
        started_at=5,
        revision="abc",
    )


def world(*live, **settings):
    return World(live={key_of(manifest): manifest for manifest in live}, **settings)


def run(what, **settings):
    there = world(*what.live.values(), **settings)
    there.drive(what)
    return there


def test_one_wave_without_hooks_succeeds_right_after_apply_whatever_the_health():
    there = run(request(thing("a"), thing("b")), health={"a": ["Degraded"]})
    assert there.log == ["apply a", "apply b"]
    assert there.ended == (SUCCEEDED, "successfully synced (no more tasks)")


def test_the_next_wave_waits_until_everything_of_this_one_is_healthy():
    there = run(
        request(thing("a"), thing("b", wave="1")),
        health={"a": ["Progressing", "Unknown", "Suspended", "Healthy"]},
    )
    assert there.log == ["apply a", "apply b"]
    assert there.ended[0] is SUCCEEDED and there.health["a"] == ["Healthy"]


def test_a_degraded_resource_ends_a_sync_with_waves():
    there = run(request(thing("a"), thing("b", wave="1")), health={"a": ["Progressing", "Degraded"]})
    assert there.log == ["apply a"]
    assert there.ended == (FAILED, "one or more synchronization tasks completed unsuccessfully")


@pytest.mark.parametrize(
    ("health", "phase"),
    [("Healthy", SUCCEEDED), ("Degraded", FAILED), ("Unknown", FAILED)],
)
def test_a_hook_is_waited_for_and_degraded_or_unknown_is_failure(health, phase):
    there = run(request(thing("a"), thing("h", hook="PreSync")), health={"h": ["Suspended", health]})
    assert there.ended[0] is phase
    assert there.log == (["apply h", "apply a"] if phase is SUCCEEDED else ["apply h"])


def test_sync_fail_hooks_run_after_a_failure_and_only_then():
    hooks = (thing("h", hook="PreSync"), thing("sorry", hook="SyncFail"))
    there = run(request(thing("a"), *hooks), health={"h": ["Degraded"]})
    assert there.log == ["apply h", "apply sorry"]
    assert there.ended[0] is FAILED
    assert run(request(thing("a"), *hooks)).log == ["apply h", "apply a"]


def test_what_the_target_refuses_fails_the_dry_run_before_anything_is_applied():
    there = run(request(thing("a"), thing("bad")), refuses={"bad"})
    assert there.log == []
    assert there.ended == (
        FAILED,
        "one or more synchronization tasks completed unsuccessfully, reason: no",
    )


def test_what_is_refused_after_the_dry_run_fails_the_sync_but_not_its_neighbours():
    skip = {"options": "SkipDryRunOnMissingResource=true"}
    there = run(request(thing("bad", **skip), thing("z", wave="1"), thing("c")), refuses={"bad"})
    assert there.log == ["apply bad", "apply c"]
    assert there.ended[0] is FAILED


def test_pruning_comes_first_in_its_wave_and_only_when_it_is_allowed():
    gone, kept = thing("gone"), thing("kept", options="Prune=false")
    there = run(request(thing("a"), live=(gone, kept), prune=True))
    assert there.log == ["prune gone", "apply a"]
    codes = {key.resource.name: result.code for key, result in there.state.results.items()}
    assert codes["kept"] is ResultCode.PRUNE_SKIPPED
    unpruned = run(request(thing("a"), live=(gone,)))
    assert (unpruned.log, unpruned.ended[0]) == (["apply a"], SUCCEEDED)


def test_pruning_that_needs_confirmation_waits_for_it():
    gone = thing("gone", options="Prune=confirm")
    there = run(request(thing("a"), live=(gone,), prune=True))
    assert (there.log, there.ended) == ([], None)
    confirmed = run(request(thing("a"), live=(gone,), prune=True, prune_confirmed=True))
    assert confirmed.log == ["prune gone", "apply a"]


def test_the_next_wave_waits_until_pruned_resources_are_gone():
    what = request(thing("a"), thing("b", wave="2"), live=(thing("gone", wave="1"),), prune=True)
    there = world(*what.live.values(), lingering={"gone"})
    there.drive(what)
    assert (there.log, there.ended) == (["apply a", "prune gone"], None)
    del there.live[key_of(thing("gone"))]
    there.drive(what)
    assert there.log[-1] == "apply b"


@pytest.mark.parametrize(
    ("policy", "health", "log"),
    [
        ("HookSucceeded", "Healthy", ["apply h", "apply a", "delete h"]),
        ("HookSucceeded", "Degraded", ["apply h"]),
        ("HookFailed", "Degraded", ["apply h", "delete h"]),
        ("HookFailed", "Healthy", ["apply h", "apply a"]),
        ("BeforeHookCreation", "Healthy", ["apply h", "apply a"]),
    ],
)
def test_hooks_are_deleted_by_their_policy(policy, health, log):
    hook = thing("h", hook="PreSync", policy=policy)
    assert run(request(thing("a"), hook), health={"h": [health]}).log == log


def test_a_hook_of_an_earlier_sync_goes_before_it_is_made_again():
    hook = thing("h", hook="PreSync")
    there = world(hook)
    there.drive(request(thing("a"), hook))
    assert there.log == ["delete h", "apply h", "apply a"]


def test_a_hook_that_vanishes_while_it_is_waited_for_is_an_error():
    what = request(thing("a"), thing("h", hook="PreSync"))
    there = world(health={"h": ["Progressing"]})
    there.drive(what, looks=3)
    there.live.clear()
    there.drive(what)
    assert there.ended[0] is FAILED


def test_apply_out_of_sync_only_leaves_alone_what_is_in_sync():
    from holkas.gitops.plan import plan
    from holkas.gitops.progress import advance

    what = request(thing("a"), thing("b"), live=(thing("a"),), apply_out_of_sync_only=True)
    state = SyncState(dry_run_done=True)
    step = advance(plan(what), state, what.options, unchanged=frozenset({key_of(thing("a"))}))
    assert [act.task.key.resource.name for group in step.groups for act in group.acts] == ["b"]


def test_a_dry_run_of_everything_changes_nothing():
    there = run(request(thing("a"), live=(thing("gone"),), prune=True, dry_run=True))
    assert (there.log, there.ended[0]) == ([], SUCCEEDED)


def test_nothing_to_do_is_success():
    assert run(request()).ended[0] is SUCCEEDED


def test_termination_deletes_running_hooks_and_leaves_the_rest():
    what = request(thing("a"), thing("h", hook="PreSync"), thing("done", hook="PreSync"))
    there = world(health={"h": ["Progressing"], "done": ["Healthy"]})
    there.drive(what, looks=3)
    there.state = SyncState(results=there.state.results, dry_run_done=True, terminating=True)
    there.drive(what)
    assert there.log == ["apply done", "apply h", "delete h"]
    assert there.ended == (FAILED, "Operation terminated")


HOOKS = (
    thing("before", hook="PreSync", policy="HookSucceeded"),
    thing("within", hook="Sync", policy="HookFailed"),
    thing("after", hook="PostSync"),
)


@pytest.mark.parametrize(
    "old", [(), (thing("after"), thing("before"))], ids=["fresh", "after-an-earlier-sync"]
)
def test_a_sync_killed_at_any_moment_and_started_again_ends_as_one_that_was_not(old):
    what = request(thing("a"), thing("b", wave="1"), *HOOKS, live=(thing("gone", wave="2"),), prune=True)

    def fresh(kill_at=-1):
        there = world(*what.live.values(), *old, kill_at=kill_at)
        there.health = {hook["metadata"]["name"]: ["Progressing", "Healthy"] for hook in HOOKS}
        return there

    whole = fresh()
    whole.drive(what)
    assert whole.ended[0] is SUCCEEDED
    for moment in range(1, whole.moments + 1):
        there = fresh(kill_at=moment)
        with pytest.raises(Killed):
            there.drive(what)
        there.drive(what)
        assert there.ended == whole.ended, moment
        assert (
            {key.name for key in there.live}
            == {key.name for key in whole.live}
            == {"a", "b", "within", "after"}
        )
        for hook in ("before", "within", "after"):
            assert there.log.count(f"apply {hook}") == 1, (moment, there.log)


PARTS = st.lists(
    st.tuples(
        st.sampled_from(["", "PreSync", "Sync", "PostSync", "SyncFail", "PreSync,PostSync"]),
        st.integers(-1, 2),
        st.sampled_from(
            ["BeforeHookCreation", "HookSucceeded", "HookFailed", "HookSucceeded,BeforeHookCreation"]
        ),
        st.lists(st.sampled_from(["Progressing", "Suspended"]), max_size=2),
        st.sampled_from(["Healthy", "Healthy", "Healthy", "Degraded"]),
        st.sampled_from(["desired", "desired", "live", "gone"]),
    ),
    max_size=7,
)


@given(PARTS, st.integers(1, 60))
def test_any_sync_killed_anywhere_ends_as_it_would_have_and_runs_no_hook_twice(parts, moment):
    desired, live, health = [], [], {}
    for number, (hook, wave, policy, waits, outcome, where) in enumerate(parts):
        hooked = {"hook": hook, "policy": policy} if hook else {}
        manifest = thing(f"n{number}", wave=str(wave), **hooked)
        health[f"n{number}"] = [*waits, outcome]
        if where != "gone" or hook:
            desired.append(manifest)
        if where != "desired" and not hook:
            live.append(manifest)
    what = request(*desired, live=tuple(live), prune=True)

    def fresh(kill_at=-1):
        return world(*live, kill_at=kill_at, health={name: list(turns) for name, turns in health.items()})

    whole = fresh()
    whole.drive(what)
    assert whole.ended is not None
    there = fresh(kill_at=moment)
    with contextlib.suppress(Killed):
        there.drive(what)
    there.drive(what)
    assert there.ended is not None
    hooks = [
        manifest for manifest in desired if "argocd.argoproj.io/hook" in manifest["metadata"]["annotations"]
    ]
    for hook in hooks:
        name = hook["metadata"]["name"]
        phases = hook["metadata"]["annotations"]["argocd.argoproj.io/hook"].count(",") + 1
        assert there.log.count(f"apply {name}") <= phases
    if all(turns[-1] == "Healthy" for turns in health.values()):
        assert there.ended == whole.ended and whole.ended[0] is SUCCEEDED
        assert {key.name for key in there.live} == {key.name for key in whole.live}
