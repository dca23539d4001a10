"""Single operations: options, ends by hand, what is shared, what is held, what somebody else is doing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.reconciler.acting import carry_out
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.unit import Unit
from holkas.roles.errors import Retryable
from holkas.state.lock import OwnerLock

from tests.reconciling import Life, World, config, manifest

AUTO = {"prune": True, "selfHeal": True}


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


def loaded(life) -> Unit:
    life.reconciler.load()
    return life.unit("web")


def sync(unit, **options):
    managed = unit.declared
    selected = options.pop("selected", None)
    return unit.begin(
        unit.request(managed, managed.options(**options), by="anna", selected=selected), managed
    )


def test_a_sync_that_hangs_is_ended_by_another_process(world):
    world.add("web", manifest("Job", "hangs", hook="PreSync"), config("a"))
    world.target.ends["hangs"] = ""
    with Life(world) as life, Life(world) as other:
        unit = loaded(life)
        assert sync(unit).message.startswith("waiting for completion of hook")
        assert unit.go_on().standing == "waiting"
        loaded(other).book.terminate()
        gone = unit.go_on()
        assert (gone.standing, str(gone.phase), gone.message) == (
            "finished",
            "Failed",
            "Operation terminated",
        )
        assert world.live() == {}


def test_a_sync_that_waits_for_its_next_attempt_can_be_ended(world):
    world.add("web", config("a"), policy={"retry": {"limit": 5, "backoff": {"duration": "1h"}}})
    world.target.refuses.add("a")
    with Life(world) as life:
        unit = loaded(life)
        assert sync(unit).due > world.time
        unit.book.terminate()
        assert unit.go_on().standing == "finished"
        assert unit.book.view["last"]["phase"] == "Failed"


def test_a_dry_run_of_an_application_leaves_no_trace(world):
    world.add("web", config("a"))
    with Life(world) as life:
        unit = loaded(life)
        dry = Unit(unit.declared, unit.view, replace(life.tools, ledger=None))
        gone = sync(dry, dry_run=True)
        assert str(gone.phase) == "Succeeded"
        assert world.live() == {}
        assert life.ledger.streams("app/") == []


def test_only_what_differs_is_applied(world):
    world.add("web", config("a"), config("b"))
    with Life(world) as life:
        unit = loaded(life)
        sync(unit)
        world.target.put({**world.live()["b"], "data": {"value": "drift"}})
        world.target.log.clear()
        sync(unit, apply_out_of_sync_only=True)
        assert world.target.log == ["apply b"]


def test_a_namespace_is_made_first(world):
    world.add("web", config("a"), options=("CreateNamespace=true",))
    with Life(world) as life:
        sync(loaded(life))
        assert world.target.log == ["apply shop", "apply a"]
        assert life.unit("web").go_on() is None


def test_what_is_ignored_keeps_its_live_value_where_that_is_respected(world):
    rules = [{"group": "", "kind": "ConfigMap", "jsonPointers": ["/data/value"]}]
    world.add("web", config("a", "1"), options=("RespectIgnoreDifferences=true",), ignoreDifferences=rules)
    with Life(world) as life:
        unit = loaded(life)
        sync(unit)
        world.target.put({**world.live()["a"], "data": {"value": "theirs"}})
        sync(unit)
        assert world.values() == {"a": "theirs"}
        assert str(unit.compare().sync) == "Synced"


def test_a_rule_that_cannot_be_used_is_told_and_not_trusted(world):
    rules = [{"group": "", "kind": "ConfigMap", "jqPathExpressions": [".data | while(true; .)"]}]
    world.add("web", config("a"), ignoreDifferences=rules, automated=AUTO)
    world.target.put(config("a", "2"))
    with Life(world) as life:
        status = loaded(life).compare()
        assert status.conditions[0][0] == "ComparisonError"
        assert str(status.sync) == "Unknown"


def test_what_two_applications_want_is_told_or_refused(world):
    world.add("other", config("a"), automated={})
    world.add("web", config("a"), options=("FailOnSharedResource=true",))
    with Life(world) as life:
        life.settle()
        unit = life.unit("web")
        assert unit.compare().conditions == (
            ("SharedResourceWarning", "ConfigMap/a is part of applications argocd/web and other"),
        )
        gone = sync(unit)
        assert (str(gone.phase), gone.message) == (
            "Failed",
            "Shared resource found: ConfigMap/a is part of applications argocd/web and other",
        )


def test_what_somebody_else_syncs_is_left_to_them(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        lock = OwnerLock(life.tools.place.lock("web"))
        assert lock.take()
        assert life.run().due is not None
        assert world.live() == {}
        lock.release()
        life.settle()
        assert world.values() == {"a": "1"}


def test_a_state_that_is_no_longer_kept_cannot_be_gone_back_to(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        unit = life.unit("web")
        unit.store.sweep(())
        managed = unit.hold(0, lasting=True, reason="")
        assert managed.desired.conditions[0][0] == "ComparisonError"
        with pytest.raises(LookupError):
            unit.hold(7, lasting=True, reason="")
        life.settle()
        assert str(unit.status.sync) == "Unknown"
        unit.release("by hand")
        life.settle()
        assert str(unit.status.sync) == "Synced"


def test_a_hold_lasts_through_commits_that_change_nothing_of_it(world):
    world.add("web", config("a", "1"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.commit("web", config("a", "2"))
        life.settle()
        life.unit("web").hold(0, lasting=False, reason="")
        life.settle()
        assert world.values() == {"a": "1"}
        world.commit()
        world.failing["web"] = "cannot be rendered for a while"
        life.settle()
        del world.failing["web"]
        life.settle()
        assert world.values() == {"a": "1"}
        world.commit("web", config("a", "3"))
        life.settle()
        assert world.values() == {"a": "3"}
        assert life.unit("web").book.hold is None


def test_a_target_that_fails_for_a_while_in_a_sync_is_gone_on_with(world):
    world.add("web", config("a"), config("b", wave=1), automated=AUTO)
    calls = []

    def flaky(mark="", known=world.target.changes):
        calls.append(mark)
        if len(calls) == 3:
            raise Retryable("the server is away")
        return known(mark)

    world.target.changes = flaky
    with Life(world) as life:
        life.run()
        life.settle()
        assert world.values() == {"a": "1", "b": "1"}


def test_syncs_end_soon_when_everything_is_to_stop(world):
    world.add("web", config("a"))
    with Life(world) as life:
        life.tools = replace(life.tools, stopping=lambda: True)
        unit = Unit(_declared(life), LiveView(world.target), life.tools)
        gone = sync(unit)
        assert (gone.standing, gone.message) == ("waiting", "stopping")
        assert world.live() == {}


def _declared(life):
    return loaded(life).declared


def test_pruning_that_asks_for_it_is_confirmed_in_the_manifest(world):
    asking = {"argocd.argoproj.io/sync-options": "Prune=confirm"}
    world.add("web", config("a"), config("b", annotations=asking), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.commit("web", config("a"))
        life.run(3, seconds=10)
        assert set(world.live()) == {"a", "b"}
        approved = {"argocd.argoproj.io/deletion-approved": "2030-01-01T00:00:00Z"}
        world.applications["web"]["metadata"]["annotations"] = approved
        life.settle()
        assert set(world.live()) == {"a"}


def test_something_that_came_in_between_is_replaced(world):
    from holkas.gitops.progress import Act, ActKind
    from holkas.gitops.sync_options import SyncOptions
    from holkas.model.sync import SyncPhase, SyncTask, TaskKey, key_of

    wanted = config("a")
    world.target.put(config("a", "theirs"))
    key = TaskKey(resource=key_of(wanted), phase=SyncPhase.SYNC)
    act = Act(kind=ActKind.APPLY, task=SyncTask(key=key, wave=0, target=wanted))
    carry_out(act, world.target, SyncOptions(replace=True), lambda key: "")
    assert world.values() == {"a": "1"}


def test_another_destination_is_another_place(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        place = {"name": "elsewhere", "namespace": "shop"}
        world.add("web", config("a"), automated=AUTO, destination=place)
        world.others["elsewhere"] = type(world.target)(world.moment)
        life.settle()
        assert [one.key.name for one in world.others["elsewhere"].list()] == ["a"]
