"""Whose resources are, by each way of tracking, and what long jq expressions keep from being compared and applied."""

from __future__ import annotations

import pytest
from holkas.gitops.diff import IgnoreRuleError
from holkas.gitops.identity import Tracking, TrackingMethod, tracked

from tests.reconciling import Life, World, config

AUTO = {"prune": True, "selfHeal": True}
LABEL = Tracking(method=TrackingMethod.LABEL, label="example.com/app")
ANNOTATION = Tracking(installation="one")
BOTH = Tracking(method=TrackingMethod.ANNOTATION_AND_LABEL)
WAYS = pytest.mark.parametrize("tracking", [LABEL, ANNOTATION, BOTH], ids=lambda one: str(one.method))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "state")


@WAYS
def test_what_bears_the_mark_is_pruned(world, tracking):
    world.tracking = tracking
    world.add("web", config("a"), automated=AUTO)
    world.target.put(tracked(config("left"), "web", tracking))
    world.target.put(tracked(config("theirs"), "other", tracking))
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"a", "theirs"}


@pytest.mark.parametrize(
    ("tracking", "foreign"),
    [
        (LABEL, Tracking()),
        (LABEL, Tracking(method=TrackingMethod.LABEL)),
        (ANNOTATION, Tracking(installation="two")),
        (ANNOTATION, LABEL),
        (BOTH, Tracking(method=TrackingMethod.LABEL)),
    ],
)
def test_another_mark_is_none(world, tracking, foreign):
    world.tracking = tracking
    world.add("web", config("a"), automated=AUTO)
    world.target.put(tracked(config("foreign"), "web", foreign))
    with Life(world) as life:
        life.settle()
        assert set(world.live()) == {"a", "foreign"}
        assert [str(part.key) for part in life.unit("web").status.resources] == ["/ConfigMap:shop/a"]


@WAYS
def test_a_resource_of_two_is_told_by_the_mark_that_counts(world, tracking):
    world.tracking = tracking
    world.add("other", config("a"), automated={})
    world.add("web", config("a"))
    with Life(world) as life:
        life.settle()
        told = ("SharedResourceWarning", "ConfigMap/a is part of applications argocd/web and other")
        assert life.unit("web").compare().conditions == (told,)


def test_applications_of_other_namespaces_are_told_with_them(world):
    world.add("web", config("a"))
    world.target.put(tracked(config("a"), "team_other"))
    with Life(world) as life:
        life.reconciler.load()
        (told,) = life.unit("web").compare().conditions
        assert told[1] == "ConfigMap/a is part of applications argocd/web and team/other"


LONG = '.data | getpath(["value"])'
RULES = [{"group": "", "kind": "ConfigMap", "jqPathExpressions": [LONG]}]


def places(expression, manifest):
    assert expression == LONG
    return [("data", "value")]


def test_a_long_expression_is_worked_out_elsewhere_and_respected(world):
    world.jq = places
    world.add(
        "web",
        config("a"),
        automated=AUTO,
        options=("RespectIgnoreDifferences=true", "ApplyOutOfSyncOnly=true"),
        ignoreDifferences=RULES,
    )
    with Life(world) as life:
        life.settle()
        theirs = {**world.live()["a"], "data": {"value": "theirs"}}
        world.target.put(theirs)
        life.settle()
        assert str(life.unit("web").status.sync) == "Synced"
        world.commit("web", config("a", labels={"x": "y"}), config("b"))
        life.settle()
        assert world.values() == {"a": "theirs", "b": "1"}


def test_a_long_expression_that_cannot_be_worked_out_ends_a_sync_with_one_sentence(world):
    def slow(expression, manifest):
        raise IgnoreRuleError("it takes too long")

    world.jq = slow
    world.add("web", config("a"), options=("RespectIgnoreDifferences=true",), ignoreDifferences=RULES)
    world.target.put(config("a", "2"))
    with Life(world) as life:
        life.reconciler.load()
        unit = life.unit("web")
        assert unit.compare().conditions == (("ComparisonError", "it takes too long"),)
        gone = unit.begin(unit.request(unit.declared, unit.declared.options(), by="anna"))
        assert (str(gone.phase), gone.message) == ("Error", "ComparisonError: it takes too long")
        assert world.values() == {"a": "2"}
