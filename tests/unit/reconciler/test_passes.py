"""What a pass does, and what it does not do."""

from __future__ import annotations

import pytest
from holkas.gitops.identity import Tracking, TrackingMethod

from tests.reconciling import Life, World, config, manifest

AUTO = {"prune": True, "selfHeal": True}


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


def test_an_application_is_synced_in_the_pass_that_sees_it(world):
    world.add("web", config("a"), config("b"), automated=AUTO)
    with Life(world) as life:
        done = life.run()
        assert done.started == 1
        assert world.values() == {"a": "1", "b": "1"}
        assert str(life.unit("web").status.sync) == "Synced"
        assert [entry.revisions for entry in life.book("web").history] == [("1" * 40,)]


def test_without_automation_nothing_is_synced(world):
    world.add("web", config("a"))
    with Life(world) as life:
        life.run()
        assert world.live() == {}
        assert str(life.unit("web").status.sync) == "OutOfSync"


def test_a_pass_at_which_nothing_has_changed_looks_at_nothing(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        done = life.run()
        assert (done.looked, done.started, done.rendered) == (0, 0, False)


def test_a_commit_is_applied_in_the_pass_that_sees_it(world):
    world.add("web", config("a"), automated=AUTO)
    world.add("other", config("o"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.commit("web", config("a", "2"), config("c"))
        world.target.log.clear()
        life.run()
        assert world.values() == {"a": "2", "c": "1", "o": "1"}
        assert "apply o" not in world.target.log


def test_what_is_no_longer_desired_is_pruned_where_pruning_is_on(world):
    world.add("web", config("a"), config("b"), automated=AUTO)
    world.add("keep", config("k"), config("l"), automated={})
    with Life(world) as life:
        life.settle()
        world.commit("web", config("a"))
        world.commit("keep", config("k"))
        life.settle()
        assert set(world.live()) == {"a", "k", "l"}
        assert str(life.unit("keep").status.sync) == "OutOfSync"


def test_drift_is_healed_with_growing_patience(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.target.put({**world.live()["a"], "data": {"value": "drift"}})
        life.run()
        assert world.values() == {"a": "1"}
        world.target.put({**world.live()["a"], "data": {"value": "drift"}})
        life.run()
        assert world.values() == {"a": "drift"}
        world.time += 3
        life.run()
        assert world.values() == {"a": "1"}


def test_drift_stays_without_self_heal(world):
    world.add("web", config("a"), automated={"prune": True})
    with Life(world) as life:
        life.settle()
        world.target.put({**world.live()["a"], "data": {"value": "drift"}})
        life.settle()
        assert world.values() == {"a": "drift"}


def test_a_failed_sync_is_tried_again_with_patience_and_not_for_ever(world):
    world.add(
        "web", config("a"), automated=AUTO, policy={"retry": {"limit": 2, "backoff": {"duration": "5s"}}}
    )
    world.target.refuses.add("a")
    with Life(world) as life:
        life.run()
        assert life.unit("web").book.operation.retry_at == world.time + 5
        life.settle()
        last = life.unit("web").book.view["last"]
        assert (last["phase"], last["attempts"]) == ("Failed", 3)
        world.target.refuses.clear()
        life.settle()
        assert world.live() == {}, "the same revision is not tried again"
        world.commit()
        life.settle()
        assert world.values() == {"a": "1"}


def test_an_application_that_cannot_be_rendered_is_left_alone(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.failing["web"] = "broken"
        life.settle()
        status = life.unit("web").status
        assert (str(status.sync), str(status.health)) == ("Unknown", "Unknown")
        assert world.values() == {"a": "1"}


def test_a_target_that_cannot_be_seen_makes_unknown_and_comes_back(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.target.broken = "the server is down"
        assert life.run().errors
        assert str(life.unit("web").status.sync) == "Unknown"
        life.reconciler.run_pass(whole=True)
        assert str(life.unit("web").status.sync) == "Unknown"
        world.target.broken = ""
        life.run()
        assert str(life.unit("web").status.sync) == "Synced"
        world.commit("web", config("a", "2"))
        life.settle()
        assert world.values() == {"a": "2"}
        assert str(life.unit("web").status.sync) == "Synced"


def test_one_waits_for_another(world):
    world.add("app", config("a"), automated=AUTO, depends="database")
    world.add("database", config("d"), automated=AUTO)
    with Life(world) as life:
        life.run()
        assert world.target.log == ["apply d", "apply a"]


def test_what_waits_for_something_unhealthy_is_not_synced(world):
    world.add("app", config("a"), automated=AUTO, depends="database")
    world.add("database", manifest("Deployment", "d", spec={"replicas": 1}), automated=AUTO)
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"d"}
        ready = {
            "observedGeneration": 0,
            "replicas": 1,
            "updatedReplicas": 1,
            "availableReplicas": 1,
            "readyReplicas": 1,
        }
        world.target.put({**world.live()["d"], "status": ready})
        life.settle()
        assert set(world.live()) == {"a", "d"}


def project(name="default", **spec):
    rules = {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}], **spec}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": rules,
    }


def test_a_closed_window_holds_syncs_back(world):
    deny = {"kind": "deny", "schedule": "* * * * *", "duration": "1h", "applications": ["*"]}
    world.projects = [project(syncWindows=[deny])]
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        assert world.live() == {}
        world.projects = [project()]
        life.settle()
        assert world.values() == {"a": "1"}


def test_a_kind_that_the_project_does_not_permit_fails_the_sync(world):
    world.projects = [project(namespaceResourceBlacklist=[{"group": "", "kind": "ConfigMap"}])]
    world.add("web", config("a"), automated=AUTO, policy={"retry": {"limit": 0}})
    with Life(world) as life:
        life.settle()
        assert world.live() == {}
        assert "not permitted in project default" in life.unit("web").book.view["last"]["message"]


def test_an_application_that_asks_for_it_is_skipped(world):
    world.add("web", config("a"), automated=AUTO, annotations={"argocd.argoproj.io/skip-reconcile": "true"})
    with Life(world) as life:
        life.settle()
        assert world.live() == {}


def test_an_application_that_is_gone_leaves_its_resources(world):
    world.add("web", config("a"), automated=AUTO)
    world.add("other", config("o"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        del world.applications["web"]
        life.settle()
        assert set(life.reconciler.units) == {"other"}
        assert set(world.live()) == {"a", "o"}


def test_what_another_process_recorded_is_taken_in(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life, Life(world) as other:
        life.settle()
        other.settle()
        world.commit("web", config("a", "2"))
        other.settle()
        assert life.unit("web").book.view["operations"] == 1
        life.run()
        assert life.unit("web").book.view["operations"] == 2


def test_a_bug_in_one_application_does_not_stop_the_others(world):
    world.add("bad", config("b"), automated=AUTO)
    world.add("good", config("g"), automated=AUTO)

    class Odd(type(world.target)):
        def apply(self, resource, options=None):
            if resource.key.name == "b":
                raise AttributeError("a plugin's bug")
            return super().apply(resource, options)

    world.target = Odd(world.moment)
    with Life(world) as life:
        assert life.run().errors == 1
        assert world.values() == {"g": "1"}
        assert any("a plugin's bug" in str(data) for _, kind, data in world.told if kind == "warning")


def test_a_whole_pass_finds_what_the_target_did_not_tell(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        key = next(iter(world.target._resources))
        world.target._resources.pop(key)
        world.target._sorted = None
        assert life.run().looked == 0
        life.reconciler.run_pass(whole=True)
        life.settle()
        assert world.values() == {"a": "1"}


def test_a_window_that_closes_ends_an_automatic_sync(world):
    deny = {"kind": "deny", "schedule": "* * * * *", "duration": "1h", "applications": ["*"]}
    world.add("web", manifest("Job", "slow", hook="PreSync"), config("a"), automated=AUTO)
    world.target.ends["slow"] = ""
    with Life(world) as life:
        life.run()
        assert life.unit("web").book.operation is not None
        world.projects = [project(syncWindows=[deny])]
        life.settle()
        assert life.unit("web").book.view["last"]["message"] == "Operation terminated"
        assert world.live() == {}


def test_a_window_may_let_a_sync_overrun(world):
    deny = {
        "kind": "deny",
        "schedule": "* * * * *",
        "duration": "1h",
        "applications": ["*"],
        "syncOverrun": True,
    }
    world.add("web", manifest("Job", "slow", hook="PreSync"), config("a"), automated=AUTO)
    world.target.ends["slow"] = ""
    with Life(world) as life:
        life.run()
        world.projects = [project(syncWindows=[deny])]
        life.run()
        done = {"conditions": [{"type": "Complete", "status": "True"}]}
        world.target.put({**world.live()["slow"], "status": done})
        life.settle()
        assert world.values() == {"a": "1"}


@pytest.mark.parametrize(("refresh", "value"), [(True, "2"), (False, None)])
def test_a_new_revision_takes_the_place_of_a_failed_one_where_retries_refresh(world, refresh, value):
    retry = {"limit": 9, "refresh": refresh, "backoff": {"duration": "1h", "maxDuration": "9h"}}
    world.add("web", config("a"), automated=AUTO, policy={"retry": retry})
    world.target.refuses.add("a")
    with Life(world) as life:
        life.run(2)
        world.target.refuses.clear()
        world.commit("web", config("a", "2"))
        life.run(2)
        assert world.values().get("a") == value


def test_another_way_of_tracking_is_taken_over(world):
    world.add("web", config("a"), config("b"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.tracking = Tracking(method=TrackingMethod.LABEL)
        world.commit("web", config("a"), config("b"))
        life.settle()
        assert world.live()["a"]["metadata"]["labels"] == {"app.kubernetes.io/instance": "web"}
        world.commit("web", config("a"))
        life.settle()
        assert set(world.live()) == {"a"}
        assert str(life.unit("web").status.sync) == "Synced"


def test_drift_that_another_sync_came_upon_is_healed_all_the_same(world):
    """A sync refreshes the view for itself; what it sees of others must not get lost."""
    world.add("first", config("f"), automated=AUTO)
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.target.put({**world.live()["f"], "data": {"value": "drift"}})

        class Meddling(type(world.target)):
            def apply(self, resource, options=None):
                done = super().apply(resource, options)
                if resource.key.name == "f" and not (options and options.dry_run):
                    self.put({**world.live()["a"], "data": {"value": "drift"}})
                return done

        world.target.__class__ = Meddling
        life.settle()
        assert world.values() == {"f": "1", "a": "1"}
