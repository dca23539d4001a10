"""What a project forbids is not applied, not pruned, not deleted and not compared, and is told in Argo CD's words."""

from __future__ import annotations

import pytest
from holkas.gitops.identity import tracked
from holkas.reconciler.permission import Permissions

from tests.reconciling import Life, World, config, manifest

AUTO = {"prune": True, "selfHeal": True}
INVALID = "one or more synchronization tasks are not valid: "


def project(**spec):
    rules = {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "shop"}], **spec}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "default", "namespace": "argocd"},
        "spec": rules,
    }


def elsewhere(name):
    return {**config(name), "metadata": {"name": name, "namespace": "other"}}


SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}}
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}}
NO_SECRETS = {"namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}]}


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


@pytest.mark.parametrize(
    ("resource", "rules", "reason"),
    [
        (SECRET, NO_SECRETS, "resource :Secret is not permitted in project default"),
        (elsewhere("e"), {}, "namespace other is not permitted in project 'default'"),
        (NAMESPACE, {}, "resource :Namespace is not permitted in project default"),
        (
            manifest("Job", "hook", hook="PreSync"),
            {"namespaceResourceBlacklist": [{"group": "batch", "kind": "*"}]},
            "resource batch:Job is not permitted in project default",
        ),
    ],
)
def test_a_sync_with_something_forbidden_applies_nothing(world, resource, rules, reason):
    world.projects = [project(**rules)]
    world.add("web", config("a"), resource, automated=AUTO, policy={"retry": {"limit": 0}})
    with Life(world) as life:
        life.settle()
        assert world.live() == {}
        last = life.unit("web").book.view["last"]
        assert (last["phase"], last["message"]) == ("Failed", INVALID + reason)
        results = [data for _, kind, data in world.told if kind == "result"]
        assert [(one["code"], one["message"]) for one in results] == [("SyncFailed", reason)]


def test_the_namespace_that_a_sync_would_make_is_judged_too(world):
    world.projects = [project()]
    world.add("web", config("a"), options=("CreateNamespace=true",), automated=AUTO)
    with Life(world) as life:
        life.run()
        reason = "resource :Namespace is not permitted in project default"
        assert ("retry", INVALID + reason) in [(kind, data.get("message")) for _, kind, data in world.told]
        world.projects = [project(clusterResourceWhitelist=[{"group": "", "kind": "Namespace"}])]
        life.settle()
        assert set(world.live()) == {"a", "shop"}


def test_a_kind_that_is_forbidden_is_unknown_and_the_application_out_of_sync(world):
    world.projects = [project(**NO_SECRETS)]
    world.add("web", config("a"), SECRET)
    world.target.put(tracked(SECRET, "web"))
    with Life(world) as life:
        life.settle()
        status = life.unit("web").status
        assert str(status.sync) == "OutOfSync"
        found = {part.key.name: str(part.status) for part in status.resources}
        assert found == {"a": "OutOfSync", "s": "Unknown"}


def test_what_is_live_and_forbidden_is_neither_pruned_nor_deleted(world):
    world.projects = [project(**NO_SECRETS)]
    world.add("web", config("a"), automated=AUTO)
    world.target.put(tracked(SECRET, "web"))
    world.target.put(tracked(elsewhere("e"), "web"))
    world.target.put(tracked(config("left"), "web"))
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"a", "s", "e"}
        unit = life.unit("web")
        assert str(unit.status.sync) == "Synced"
        unit.begin(unit.request(unit.declared, unit.declared.options(), by="anna", delete=True))
        assert set(world.live()) == {"s", "e"}


def test_an_application_that_its_project_refuses_is_unknown_and_left_alone(world):
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        world.projects = [project(sourceRepos=["https://example.com/*"])]
        world.commit("web", config("a", "2"))
        life.settle()
        status = life.unit("web").status
        message = "application repo . is not permitted in project 'default'"
        assert status.conditions == (("InvalidSpecError", message),)
        assert (str(status.sync), str(status.health)) == ("Unknown", "Unknown")
        assert world.values() == {"a": "1"}
        world.projects = [project()]
        life.settle()
        assert world.values() == {"a": "2"}


def test_rules_that_change_are_taken_in_without_a_commit(world):
    world.projects = [project(**NO_SECRETS)]
    world.add("web", config("a"), automated=AUTO)
    world.target.put(tracked(SECRET, "web"))
    with Life(world) as life:
        life.settle()
        world.projects = [project()]
        life.settle()
        assert set(world.live()) == {"a"}


def test_nothing_is_worked_out_again_for_the_same_resources(world):
    world.projects = [project(**NO_SECRETS)]
    world.add("web", config("a"), automated=AUTO)
    with Life(world) as life:
        life.settle()
        unit = life.unit("web")
        permissions = Permissions(unit.declared)
        live = unit.view.owned("web")
        assert permissions.are_of(unit.declared)
        assert permissions.seen(live) is live
        assert permissions.seen(dict(live)) == live
        keys = unit.declared.desired.keys
        assert permissions.forbidden(keys) is permissions.forbidden(keys)
