"""Comparing with what a server says an apply would make of a resource, without what others meddle with it."""

from __future__ import annotations

import pytest
from holkas.gitops.diff import CompareSettings, compare
from holkas.gitops.diff.mutations import without_mutations
from holkas.model.application import IgnoreDifference

MANAGER = "argocd-controller"


def deployment(spec, *, mine=None, manager=MANAGER, operation="Apply"):
    metadata = {"name": "web", "namespace": "shop"}
    if mine is not None:
        entry = {"manager": manager, "operation": operation, "fieldsV1": mine}
        metadata["managedFields"] = [entry]
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def settings(predicted, **more):
    return CompareSettings(dry_run=lambda manifest: predicted, **more)


REPLICAS = {"f:spec": {"f:replicas": {}}}
CONTAINER = {
    "f:spec": {"f:containers": {'k:{"name":"a"}': {".": {}, "f:name": {}, "f:image": {}}, ".": {}}},
}


def container(name, **more):
    return {"name": name, "image": "one", **more}


@pytest.mark.parametrize(
    ("predicted", "live", "modified"),
    [
        # what an apply would change
        (deployment({"replicas": 2}, mine=REPLICAS), deployment({"replicas": 1}, mine=REPLICAS), True),
        (deployment({"replicas": 1}, mine=REPLICAS), deployment({"replicas": 1}, mine=REPLICAS), False),
        # a webhook adds, changes and takes away
        (
            deployment({"replicas": 1, "paused": True}, mine=REPLICAS),
            deployment({"replicas": 1}, mine=REPLICAS),
            False,
        ),
        (
            deployment({"replicas": 1, "paused": True}, mine=REPLICAS),
            deployment({"replicas": 1, "paused": False}, mine=REPLICAS),
            False,
        ),
        (
            deployment({"replicas": 1}, mine=REPLICAS),
            deployment({"replicas": 1, "paused": False}, mine=REPLICAS),
            False,
        ),
        # what was ours and is not wanted any more
        (
            deployment({"replicas": 1}, mine=REPLICAS),
            deployment({"replicas": 1, "paused": False}, mine={"f:spec": {"f:replicas": {}, "f:paused": {}}}),
            True,
        ),
        # items of lists, told apart by key
        (
            deployment({"containers": [container("a"), container("sidecar")]}, mine=CONTAINER),
            deployment({"containers": [container("a")]}, mine=CONTAINER),
            False,
        ),
        (
            deployment({"containers": [container("a", image="two", tty=True)]}, mine=CONTAINER),
            deployment({"containers": [container("a")]}, mine=CONTAINER),
            True,
        ),
        (
            deployment({"containers": [container("a")]}, mine=CONTAINER),
            deployment({"containers": [container("a"), container("theirs")]}, mine=CONTAINER),
            False,
        ),
        # a server that keeps no managed fields has no webhooks
        (deployment({"replicas": 1, "paused": True}), deployment({"replicas": 1}), True),
        (
            deployment({"replicas": 2}, mine=REPLICAS, manager="somebody"),
            deployment({"replicas": 1}),
            True,
        ),
    ],
)
def test_what_counts(predicted, live, modified):
    target = deployment({})  # what it says is for the server to judge
    assert compare(target, live, settings(predicted)).modified is modified


def test_what_webhooks_change_counts_on_demand():
    live, predicted = deployment({"replicas": 1}), deployment({"replicas": 1, "paused": True}, mine=REPLICAS)
    assert compare(deployment({"replicas": 2}), live, settings(predicted, mutations=True)).modified


def test_an_item_that_is_ours_and_new_is_a_difference():
    mine = {"f:spec": {"f:containers": {'k:{"name":"a"}': {".": {}}, 'k:{"name":"b"}': {".": {}}}}}
    predicted = deployment({"containers": [container("a"), container("b")]}, mine=mine)
    live = deployment({"containers": [container("a")]}, mine=mine)
    made = without_mutations(predicted, live, MANAGER)
    assert made["spec"]["containers"] == [container("a"), container("b")]


def test_what_is_ignored_is_ignored_in_the_prediction_too():
    rule = IgnoreDifference(group="apps", kind="Deployment", json_pointers=("/spec/replicas",))
    predicted, live = deployment({"replicas": 9}), deployment({"replicas": 1})
    assert not compare(deployment({"replicas": 3}), live, settings(predicted, ignore=(rule,))).modified


def test_what_is_not_there_is_not_tried_out():
    asked = []
    chosen = CompareSettings(dry_run=asked.append)
    assert compare(deployment({}), None, chosen).modified
    assert compare(None, deployment({}), chosen).modified
    assert asked == []


def test_who_cannot_say_leaves_it_to_the_others():
    chosen = CompareSettings(dry_run=lambda manifest: None)
    assert compare(deployment({"replicas": 2}), deployment({"replicas": 1}), chosen).modified
    assert not compare(
        deployment({"replicas": 1}), deployment({"replicas": 1, "paused": True}), chosen
    ).modified


def test_rules_that_a_controller_fills_in_count_in_neither():
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "r"},
        "aggregationRule": {"clusterRoleSelectors": []},
    }
    live = {**role, "rules": [{"verbs": ["get"]}]}
    assert not compare({**role, "rules": []}, live, settings({**role, "rules": []})).modified
