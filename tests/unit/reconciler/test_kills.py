"""Killed at any moment, before or after any record and any change of the target, a sync ends in the desired state, and
each hook has run as its policy says."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from holkas_builtin.targets.directory import DirectoryTarget
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crashes import crash_at
from tests.reconciling import Life, World, config, lives, manifest

AUTO = {"prune": True, "selfHeal": True}


def full(state) -> World:
    """Waves, hooks of each kind and policy, something to prune."""
    world = World(Path(state))
    world.add("web", config("old"), config("a"), automated=AUTO)
    return world


HOOKS = {
    "before": "BeforeHookCreation",
    "clean": "HookSucceeded",
    "failed": "HookFailed",
}


def change(world: World) -> None:
    world.commit(
        "web",
        manifest("Job", "before", hook="PreSync", policy=HOOKS["before"]),
        manifest("Job", "clean", hook="Sync", policy=HOOKS["clean"], wave=1),
        manifest("Job", "failed", hook="PostSync", policy=HOOKS["failed"]),
        manifest("Job", "never", hook="SyncFail"),
        config("a", "2"),
        config("b", "2", wave=2),
        manifest("Deployment", "d", wave=-1, spec={"replicas": 0}, status={"observedGeneration": 0}),
    )


def settled(life) -> None:
    life.settle()


def story(state, kill_at=-1) -> tuple[World, int]:
    world = full(state)
    lives(world, settled)
    change(world)
    world.target.started.clear()
    return world, lives(world, settled, kill_at=kill_at)


def check(world: World) -> None:
    assert world.values() == {"a": "2", "b": "2"}
    assert set(world.live()) == {"a", "b", "d", "before", "failed"}
    runs = Counter(name for name, _ in world.target.started)
    assert runs == {"before": 1, "clean": 1, "failed": 1}, "each hook ran exactly once in the operation"


def test_killed_at_every_moment(tmp_path):
    world, moments = story(tmp_path / "whole")
    check(world)
    assert moments > 30
    for kill_at in range(1, moments + 1):
        world, _ = story(tmp_path / str(kill_at), kill_at)
        check(world)


def test_killed_while_a_hook_fails_its_end_is_told_and_the_syncfail_hook_runs_once(tmp_path):
    def tale(state, kill_at=-1):
        world = World(Path(state))
        world.add("web", automated=AUTO, policy={"retry": {"limit": 0}})
        world.resources["web"] = [
            manifest("Job", "migrate", hook="PreSync", policy="HookFailed"),
            manifest("Job", "alarm", hook="SyncFail", policy="BeforeHookCreation"),
            config("a"),
        ]
        world.target.ends["migrate"] = "Failed"
        return world, lives(world, settled, kill_at=kill_at)

    _, moments = tale(tmp_path / "whole")
    for kill_at in range(1, moments + 1):
        world, _ = tale(tmp_path / str(kill_at), kill_at)
        assert set(world.live()) == {"alarm"}, kill_at
        assert Counter(name for name, _ in world.target.started) == {"migrate": 1, "alarm": 1}


NAMES = "abcdef"


@st.composite
def applications(draw):
    """Resources with waves and hooks with policies, before and after a commit."""

    def resources():
        found = [
            config(name, draw(st.sampled_from("123")), wave=draw(st.sampled_from([None, -1, 1])))
            for name in draw(st.sets(st.sampled_from(NAMES), max_size=4))
        ]
        for name in draw(st.sets(st.sampled_from("xyz"), max_size=2)):
            hook = draw(st.sampled_from(["PreSync", "Sync", "PostSync"]))
            policy = draw(st.sampled_from(["", "BeforeHookCreation", "HookSucceeded", "HookFailed"]))
            found.append(
                manifest("Job", name, hook=hook, policy=policy, wave=draw(st.sampled_from([None, 1])))
            )
        return found

    return resources(), [config("last", "9"), *resources()]


@settings(max_examples=40)
@given(applications(), st.integers(1, 60))
def test_killed_anywhere_in_any_sync(states, kill_at):
    before, after = states
    with tempfile.TemporaryDirectory() as state:
        world = World(Path(state))
        world.add("web", *before, automated=AUTO)
        lives(world, settled)
        world.commit("web", *after)
        world.target.started.clear()
        lives(world, settled, kill_at=kill_at)
        wanted = {one["metadata"]["name"]: one["data"]["value"] for one in after if "data" in one}
        assert world.values() == wanted
        hooks = Counter(one["metadata"]["name"] for one in after if one["kind"] == "Job")
        runs = Counter(name for name, _ in world.target.started)
        assert set(runs) <= set(hooks)
        assert all(count == 1 for count in runs.values())


@pytest.mark.parametrize("kill_at", range(1, 12))
def test_a_retry_that_was_killed_is_one_more_attempt_and_no_more(tmp_path, kill_at):
    world = World(tmp_path)
    world.add(
        "web", config("a"), automated=AUTO, policy={"retry": {"limit": 1, "backoff": {"duration": "1s"}}}
    )
    world.target.refuses.add("a")
    lives(world, settled, kill_at=kill_at)
    lives(world, lambda life: check_attempts(life))


def check_attempts(life) -> None:
    life.settle()
    last = life.unit("web").book.view["last"]
    assert (last["phase"], last["attempts"]) == ("Failed", 2)


def test_killed_by_the_kernel_at_every_file_that_is_touched(tmp_path):
    """The same with SIGKILL, real files as the target, and a history of the directory."""
    number = 1
    while True:
        place = tmp_path / str(number)

        def begin(place=place):
            world = World(place / "state")
            world.others["in-cluster"] = DirectoryTarget(place / "live")
            world.add("web", config("old"), config("a"), automated=AUTO)
            return world

        with Life(begin()) as life:
            life.settle()

        def act(begin=begin):
            world = begin()
            change(world)
            with Life(world) as life:
                life.settle()

        killed = crash_at(number, act)
        act()
        target = DirectoryTarget(place / "live")
        values = {
            one.key.name: one.manifest["data"]["value"] for one in target.list() if "data" in one.manifest
        }
        assert values == {"a": "2", "b": "2"}
        assert {one.key.name for one in target.list()} == {"a", "b", "d", "before", "failed"}
        assert not [path for path in (place / "live").rglob("*") if path.name.startswith(".b.yaml")] or killed
        if not killed:
            break
        number += 4
    assert number > 20
