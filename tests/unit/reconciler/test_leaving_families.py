"""Waves of a parent hold for what its children consist of: a wave is over when the resources of its children are gone."""

from __future__ import annotations

import pytest

from tests.reconciling import Life, World, application, config, lives, manifest

AUTO = {"prune": True, "selfHeal": True}
FINALIZER = "resources-finalizer.argocd.argoproj.io"
WAVE = "argocd.argoproj.io/sync-wave"
CHILDREN = {"database": 0, "shop": 1, "front": 2}


def family(world, *children, root=True):
    """A parent with these children, each in a wave of its own with one resource that a hook of its deletion follows."""
    world.applications.clear()
    world.parents = dict.fromkeys(children, "Application/argocd/root")
    own = []
    for name in children:
        more = {"annotations": {WAVE: str(CHILDREN[name])}, "finalizers": (FINALIZER,)}
        own.append(application(name, automated=AUTO, **more))
        after = manifest("Job", f"after-{name}", hook="PostDelete", policy="HookSucceeded")
        world.add(name, config(f"of-{name}"), after, automated=AUTO, **more)
    if root:
        world.add("root", config("r"), *own, automated=AUTO, finalizers=(FINALIZER,))


def deleted(world):
    return [line.removeprefix("delete ") for line in world.target.log if line.startswith("delete ")]


ALL_OF_THEM = [
    part for name in ("front", "shop", "database") for part in (name, f"of-{name}", f"after-{name}")
]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "state")
    family(world, *CHILDREN)
    with Life(world) as life:
        life.settle()
    world.target.log.clear()
    return world


def test_a_parent_that_prunes_its_children_waits_for_each(world):
    family(world)
    with Life(world) as life:
        life.settle()
    assert set(world.live()) == {"r"}
    assert deleted(world) == ALL_OF_THEM


def test_only_who_was_brought_along_is_waited_for(world):
    family(world, "database", "front")
    with Life(world) as life:
        life.settle()
    assert deleted(world) == ["shop", "of-shop", "after-shop"]
    assert {"database", "of-database", "front", "of-front", "r"} == set(world.live())


def test_a_parent_that_goes_takes_its_children_along_wave_by_wave(world):
    family(world, root=False)
    with Life(world) as life:
        life.settle()
        assert "of-front" in world.live()
        unit = life.reconciler.kept("root")
        unit.begin(unit.deletion("anna"))
        life.settle()
        assert unit.book.view["operation"] is not None
    with Life(world) as life:
        life.settle()
    assert world.live() == {}
    assert [name for name in deleted(world) if name != "r"] == ALL_OF_THEM


def test_a_child_that_will_not_go_holds_its_parent_up(world):
    world.target.ends["after-shop"] = ""
    family(world)
    with Life(world) as life:
        life.run(6, seconds=10)
        assert deleted(world)[:5] == ALL_OF_THEM[:5]
        assert "database" in world.live()
        assert life.unit("root").book.operation is not None
        done = {"conditions": [{"type": "Complete", "status": "True"}]}
        world.target.put({**world.live()["after-shop"], "status": done})
        life.settle()
    assert deleted(world) == ALL_OF_THEM


def test_killed_at_every_moment_the_order_stays(tmp_path):
    def story(place, kill_at=-1):
        world = World(tmp_path / place)
        family(world, "database", "shop")
        lives(world, lambda life: life.settle())
        family(world)
        world.target.log.clear()
        return world, lives(world, lambda life: life.settle(), kill_at=kill_at)

    _, moments = story("whole")
    assert moments > 30
    for kill_at in range(1, moments + 1, 2):
        world, _ = story(str(kill_at), kill_at)
        assert set(world.live()) == {"r"}, kill_at
        assert list(dict.fromkeys(deleted(world))) == ALL_OF_THEM[3:], kill_at
