"""``ServerSideDiff=true``: the target is asked what a sync would change."""

from __future__ import annotations

import pytest
from holkas.reconciler.comparing import TryingOut
from holkas.roles.errors import ToolError
from holkas.testing.fakes.target import FakeTarget

from tests.reconciling import Life, World, config

AUTO = {"prune": True, "selfHeal": True}
COMPARE = "argocd.argoproj.io/compare-options"


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


def given(world, options="ServerSideDiff=true", **more):
    tried = []

    class Server(type(world.target)):
        """Says what it is asked, and fills in a default that a manifest does not say."""

        refuses_dry_runs = ""

        def apply(self, resource, options=None):
            filled = {"immutable": False, **resource.manifest}
            return super().apply(type(resource)(manifest=filled), options)

        def dry_run_apply(self, resource, *, manager="argocd-controller"):
            tried.append(resource.key.name)
            if self.refuses_dry_runs:
                raise ToolError(self.refuses_dry_runs)
            return super().dry_run_apply(resource, manager=manager)

    world.target.__class__ = Server
    annotations = {COMPARE: options} if options else {}
    world.add("web", config("a", "1"), automated=AUTO, annotations=annotations, **more)
    return tried


def test_the_target_says_what_is_out_of_sync(world):
    tried = given(world)
    with Life(world) as life:
        life.settle()
        assert str(life.unit("web").status.sync) == "Synced"
        tried.clear()
        life.reconciler.run_pass(whole=True)
        assert tried == [], "nobody is asked again as long as nothing changes"
        world.target.put(
            {**world.live()["a"], "immutable": True}
        )  # no field of the manifest, but of the default
        life.run()
        assert tried
        assert world.live()["a"]["immutable"] is False


@pytest.mark.parametrize("options", ["", "ServerSideDiff=false", "ServerSideDiff=true,ServerSideDiff=false"])
def test_nobody_is_asked_who_was_not_wanted(world, options):
    tried = given(world, options)
    with Life(world) as life:
        life.run(2)
        assert tried == []
        assert str(life.unit("web").status.sync) == "OutOfSync", "the default looks like something left over"


def test_a_target_that_refuses_makes_unknown_and_is_asked_again(world):
    given(world)
    world.target.put(config("a", "0"))
    world.target.refuses_dry_runs = "the field is immutable"
    with Life(world) as life:
        done = life.run()
        status = life.unit("web").status
        assert (str(status.sync), status.conditions) == (
            "Unknown",
            (("ComparisonError", "the field is immutable"),),
        )
        assert done.due == world.time + 10
        world.target.refuses_dry_runs = ""
        life.run(2, seconds=10)
        assert world.values() == {"a": "1"}
        assert str(life.unit("web").status.sync) == "Synced"


def test_only_what_differs_by_the_targets_word_is_applied(world):
    given(world, options="ServerSideDiff=true,IncludeMutationWebhook=true")
    with Life(world) as life:
        life.run()
        world.target.log.clear()
        unit = life.unit("web")
        options = unit.declared.options(apply_out_of_sync_only=True)
        unit.begin(unit.request(unit.declared, options, by="anna"))
        assert world.target.log == []
        assert unit.comparer.settings(unit.declared).mutations


def test_a_target_that_cannot_is_told_once_and_compared_as_ever():
    told = []
    trying = TryingOut(FakeTarget(), told.append)
    assert trying(config("a")) is None
    assert trying(config("a")) is None
    assert told == [
        "the target fake cannot try out a server-side apply: what it would change is worked out without it "
        "(ServerSideDiff=true)"
    ]
