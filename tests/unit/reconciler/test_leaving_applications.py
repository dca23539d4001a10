"""What becomes of the resources of Applications that are no longer declared."""

from __future__ import annotations

import pytest
from holkas.extensions.target import Propagation
from holkas.roles.errors import Retryable, ToolError
from holkas.state.lock import OwnerLock
from holkas_builtin.targets.memory import MemoryTarget

from tests.reconciling import Life, World, application, config, lives, manifest

AUTO = {"prune": True, "selfHeal": True}
FINALIZER = "resources-finalizer.argocd.argoproj.io"
SET, PARENT = "ApplicationSet/argocd/team", "Application/argocd/root"


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


def resources():
    """Waves, what is to stay, and hooks of the deletion."""
    return (
        config("first", wave=-1),
        config("a"),
        config("last", wave=2),
        config("kept", annotations={"argocd.argoproj.io/sync-options": "Delete=false"}),
        manifest("Job", "before", hook="PreDelete", policy="HookSucceeded"),
        manifest("Job", "after", hook="PostDelete", policy="HookSucceeded"),
        manifest("Job", "migrate", hook="PreSync"),
    )


CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "name": "crd",
        "annotations": {
            "argocd.argoproj.io/tracking-id": "web:apiextensions.k8s.io/CustomResourceDefinition:/crd",
        },
    },
    "spec": {"group": "example.com", "names": {"kind": "X"}},
}


def given(world, *, finalizers=(FINALIZER,), parent=SET):
    world.parents = {"web": parent}
    world.pruning_sets = frozenset({SET})
    world.add("web", *resources(), automated=AUTO, finalizers=finalizers)
    world.add("other", config("o"), automated=AUTO)


def remove(world):
    """The set no longer gives it; somebody marked a definition as its own."""
    world.target.put(CRD)
    del world.applications["web"]


def told(world, *kinds):
    return [(name, kind) for name, kind, _ in world.told if kind in kinds]


def test_what_a_set_no_longer_gives_goes_wave_by_wave(world):
    given(world)
    with Life(world) as life:
        life.settle()
        world.target.log.clear()
        remove(world)
        life.settle()
    assert set(world.live()) == {"kept", "crd", "o"}
    assert world.target.log[:3] == ["apply before", "delete before", "delete last"]
    assert sorted(world.target.log[3:5]) == ["delete a", "delete migrate"]
    assert world.target.log[5:] == ["delete first", "apply after", "delete after"]
    with Life(world) as life:
        life.run()
        assert life.book("web").view["declared"] is None
        assert life.run().looked == 0
    assert told(world, "gone") == [("web", "gone")]


@pytest.mark.parametrize(
    ("finalizers", "parent", "sets"),
    [
        ((), SET, {SET}),
        (("example.com/mine",), SET, {SET}),
        ((FINALIZER,), SET, set()),
        ((FINALIZER,), SET, {"ApplicationSet/argocd/another"}),
        ((FINALIZER,), "", {SET}),
    ],
)
def test_without_finalizer_or_leave_the_resources_stay(world, finalizers, parent, sets):
    given(world, finalizers=finalizers, parent=parent)
    with Life(world) as life:
        life.settle()
        before = set(world.live()) | {"crd"}
        remove(world)
        world.pruning_sets = frozenset(sets)
        life.settle()
        assert set(world.live()) == before
    with Life(world) as life:
        life.settle()
    assert set(world.live()) == before
    assert told(world, "gone") == [("web", "gone")]


@pytest.mark.parametrize("policy", ["foreground", "background"])
def test_dependants_go_as_the_finalizer_says(world, policy):
    seen = []

    class Asked(type(world.target)):
        def delete(self, key, **options):
            seen.append(options["propagation"])
            return super().delete(key, **options)

    world.target.__class__ = Asked
    given(world, finalizers=(f"{FINALIZER}/{policy}",))
    with Life(world) as life:
        life.settle()
        seen.clear()
        remove(world)
        life.settle()
    assert set(seen) == {Propagation(policy)}


def family(world, automated=AUTO, child=True):
    """An Application that brings another one along."""
    own = application("web", automated=AUTO, finalizers=(FINALIZER,))
    world.parents = {"web": PARENT}
    world.add("root", config("r"), *([own] if child else []), automated=automated, finalizers=(FINALIZER,))
    if child:
        world.add("web", config("a"), automated=AUTO, finalizers=(FINALIZER,))
    else:
        world.applications.pop("web", None)


@pytest.mark.parametrize("automated", [AUTO, {"prune": False}])
def test_a_child_goes_when_its_parent_has_pruned_it(world, automated):
    family(world, automated)
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"r", "web", "a"}
        family(world, automated, child=False)
        life.settle()
        if automated is not AUTO:
            assert set(world.live()) == {"r", "web", "a"}, "the parent has not pruned it"
            unit = life.unit("root")
            unit.begin(unit.request(unit.declared, unit.declared.options(prune=True), by="anna"))
            life.settle()
        assert set(world.live()) == {"r"}


def test_a_child_stays_while_its_parent_cannot_be_rendered(world):
    family(world)
    with Life(world) as life:
        life.settle()
        family(world, child=False)
        world.failing["root"] = "broken"
        life.settle()
        assert set(world.live()) == {"r", "web", "a"}


def test_a_child_that_the_parent_never_made_stays(world):
    family(world, automated=None)
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"a"}
        family(world, automated=None, child=False)
        life.settle()
        assert set(world.live()) == {"a"}


@pytest.mark.parametrize("kept", [False, True])
def test_children_follow_a_parent_that_is_deleted(world, kept):
    family(world)
    if kept:
        options = {"argocd.argoproj.io/sync-options": "Delete=false"}
        world.resources["root"][1]["metadata"]["annotations"] = options
    with Life(world) as life:
        life.settle()
        world.applications.clear()
        life.settle()
        assert set(world.live()) == {"r", "web", "a"}, "a file that is gone deletes nothing"
        unit = life.reconciler.kept("root")
        unit.begin(unit.deletion("anna"))
    with Life(world) as life:  # whoever looks next
        life.settle()
    assert set(world.live()) == ({"web", "a"} if kept else set())


def test_one_that_comes_back_meanwhile_is_deleted_and_made_anew(world):
    given(world)
    world.target.ends["before"] = ""
    with Life(world) as life:
        life.settle()
        remove(world)
        life.run()
        given(world)
        life.run()
        assert life.unit("web").book.operation.delete
        done = {"conditions": [{"type": "Complete", "status": "True"}]}
        world.target.put({**world.live()["before"], "status": done})
        world.target.log.clear()
        life.settle()
        assert world.target.log.index("delete a") < world.target.log.index("apply a")
        assert {"a", "first", "last"} <= set(world.live())
        assert life.unit("web").book.history[0].id == 0


def test_a_sync_that_goes_on_is_ended_first(world):
    given(world)
    world.resources["web"].append(manifest("Job", "slow", hook="PostSync", policy="HookFailed"))
    world.target.ends["slow"] = ""
    with Life(world) as life:
        life.run(2)
        assert life.unit("web").book.operation is not None
        remove(world)
        world.target.ends.clear()
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


def test_what_asks_for_it_is_deleted_when_somebody_has_confirmed(world):
    given(world)
    asking = {"argocd.argoproj.io/sync-options": "Delete=confirm"}
    world.resources["web"].append(config("asking", annotations=asking))
    with Life(world) as life:
        life.settle()
        remove(world)
        life.run(3, seconds=10)
        assert {"asking", "a"} <= set(world.live())
        assert ("web", "waiting") in told(world, "waiting")
        life.book("web").confirm()
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


@pytest.mark.parametrize("annotation", ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "yes"])
def test_what_was_confirmed_before_is_not_confirmed_for_this_deletion(world, annotation):
    given(world)
    asking = {"argocd.argoproj.io/sync-options": "Delete=confirm"}
    world.resources["web"].append(config("asking", annotations=asking))
    approved = {"argocd.argoproj.io/deletion-approved": annotation}
    world.applications["web"]["metadata"]["annotations"] = approved
    with Life(world) as life:
        life.settle()
        remove(world)
        life.run(3, seconds=10)
        assert {"asking", "a"} <= set(world.live())


def test_a_deletion_by_hand_that_was_killed_goes_on_by_itself(world):
    given(world, finalizers=())
    world.target.ends["before"] = ""
    with Life(world) as life:
        life.settle()
        remove(world)
        life.settle()
        unit = life.reconciler.kept("web")
        assert unit.begin(unit.deletion("anna")).standing == "waiting"
    done = {"conditions": [{"type": "Complete", "status": "True"}]}
    world.target.put({**world.live()["before"], "status": done})
    with Life(world) as life:
        life.settle()
    assert set(world.live()) == {"kept", "crd", "o"}


def test_a_target_that_is_away_is_waited_for(world):
    given(world)
    with Life(world) as life:
        life.settle()
        remove(world)
        known, world.target.delete = world.target.delete, _refusing
        life.run()
        world.target.delete = known
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


def test_a_target_that_cannot_be_seen_or_made_is_waited_for(world):
    given(world)
    with Life(world) as life:
        life.settle()
        remove(world)
        world.target.broken = "the server is down"
        assert life.run().errors == 2
        assert {"a", "last"} <= {one.key.name for one in MemoryTarget.list(world.target)}
    world.target.broken = ""
    with Life(world) as life:
        del world.applications["other"]

        def refusing(name):
            raise ToolError("the server is down")

        make, life.targets._make = life.targets._make, refusing
        done = life.run()
        assert (done.errors, done.due) == (1, world.time + 10)
        life.targets._make = make
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


def test_what_is_declared_and_cannot_be_kept_is_not_gone(world):
    given(world)
    with Life(world) as life:
        life.settle()
    before = set(world.live())
    with Life(world) as life:

        def refusing(name):
            raise ToolError("the server is down")

        make, life.targets._make = life.targets._make, refusing
        assert life.run().errors == 2
        assert life.reconciler.units == {}
        life.targets._make = make
        life.settle()
        assert set(life.reconciler.units) == {"web", "other"}
        assert set(world.live()) == before
        world.applications["web"]["spec"]["destination"] = "nowhere"  # no Application that anybody accepts
        life.settle()
        assert set(world.live()) == before
    assert told(world, "gone") == []


def test_a_bug_does_not_keep_others_from_being_looked_at(world):
    given(world)
    with Life(world) as life:
        life.settle()
        remove(world)
        known, world.target.delete = world.target.delete, lambda key, **options: {}["a plugin's bug"]
        done = life.run()
        assert done.errors == 1
        assert ("web", "warning") in told(world, "warning")
        world.target.delete = known
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


def test_what_somebody_else_deletes_is_left_to_them(world):
    given(world)
    with Life(world) as life:
        life.settle()
        lock = OwnerLock(life.tools.place.lock("web"))
        assert lock.take()
        remove(world)
        assert life.run().due == world.time + 2
        assert {"a", "last"} <= set(world.live())
        lock.release()
        life.settle()
        assert set(world.live()) == {"kept", "crd", "o"}


def test_what_was_never_synced_leaves_nothing(world):
    given(world)
    del world.applications["web"]["spec"]["syncPolicy"]["automated"]
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"o"}
        remove(world)
        life.settle()
        assert set(world.live()) == {"crd", "o"}


def _refusing(key, **options):
    raise Retryable("the server is away")


def test_what_was_only_half_made_goes_too(world):
    given(world)
    world.resources["web"] = [config("a"), config("b", wave=1)]
    world.target.refuses.add("b")
    world.applications["web"]["spec"]["syncPolicy"]["retry"] = {"limit": 0}
    with Life(world) as life:
        life.settle()
    world.target.refuses.clear()
    with Life(world) as life:
        remove(world)
        life.settle()
    assert set(world.live()) == {"crd", "o"}


def test_killed_at_every_moment_it_ends_as_it_would_have(tmp_path):
    def story(place, kill_at=-1):
        world = World(tmp_path / place)
        given(world)
        lives(world, lambda life: life.settle())
        remove(world)
        world.target.started.clear()
        return world, lives(world, lambda life: life.settle(), kill_at=kill_at)

    _, moments = story("whole")
    assert moments > 20
    for kill_at in range(1, moments + 1):
        world, _ = story(str(kill_at), kill_at)
        assert set(world.live()) == {"kept", "crd", "o"}, kill_at
        assert sorted(name for name, _ in world.target.started) == ["after", "before"], kill_at
