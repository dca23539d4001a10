"""Tracking, status, automatic sync, retries, history and dependencies of applications."""

from __future__ import annotations

import pytest
from holkas.gitops.auto_sync import LastSync, decide, heal_delay
from holkas.gitops.dependencies import dependencies_of, order, waits_for
from holkas.gitops.history import Hold, desired_revisions, find, recorded
from holkas.gitops.identity import (
    Tracking,
    TrackingMethod,
    owner_of,
    parse_tracking_id,
    shared_resources,
    tracked,
    tracking_id,
)
from holkas.gitops.retry import retry_delay
from holkas.gitops.status import ApplicationStatus, ResourceStatus, SyncStatus, application_status, since
from holkas.model.health import Health, HealthStatus
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, key_of
from holkas.model.sync_policy import Automated, Backoff, Retry, SyncPolicy
from hypothesis import given
from hypothesis import strategies as st

OUT, SYNCED, UNKNOWN = SyncStatus.OUT_OF_SYNC, SyncStatus.SYNCED, SyncStatus.UNKNOWN


def thing(name="x", kind="ConfigMap", version="v1", data=None, **annotations):
    metadata = {"name": name}
    if annotations:
        metadata["annotations"] = {
            f"argocd.argoproj.io/{k.replace('_', '-')}": v for k, v in annotations.items()
        }
    manifest = {"apiVersion": version, "kind": kind, "metadata": metadata}
    return manifest if data is None else manifest | {"data": data}


def by_key(*manifests):
    return {key_of(manifest): manifest for manifest in manifests}


def test_tracking_ids():
    service = ResourceKey(kind="Service", namespace="ns", name="n")
    assert tracking_id("app", service) == "app:/Service:ns/n"
    deployment = ResourceKey(group="apps", kind="Deployment", name="n")
    assert tracking_id("team_web", deployment, "home") == "team_web:apps/Deployment:home/n"
    assert parse_tracking_id("app:/Service:ns/n") == ("app", service)
    for wrong in ("", "app", "app:x", "app:/Service:ns", ":/Service:ns/n", "app:/Service:ns/a/b"):
        assert parse_tracking_id(wrong) is None


@pytest.mark.parametrize("method", list(TrackingMethod))
def test_what_is_tracked_is_known_as_the_applications(method):
    tracking = Tracking(method=method, installation="here" if method is not TrackingMethod.LABEL else "")
    live = tracked(thing(), "app", tracking, "home")
    assert owner_of(live, tracking) == "app"
    assert owner_of(thing(), tracking) == ""
    labels = live["metadata"].get("labels", {})
    assert (labels == {"app.kubernetes.io/instance": "app"}) is (method is not TrackingMethod.ANNOTATION)


def test_copied_marks_and_other_installations_do_not_count():
    live = tracked(thing(), "app", namespace="home")
    renamed = {**live, "metadata": {**live["metadata"], "name": "copy"}}
    assert owner_of(renamed) == ""
    moved = {**live, "metadata": {**live["metadata"], "namespace": "elsewhere"}}
    assert owner_of(moved) == ""
    assert owner_of(live, Tracking(installation="other")) == ""


def test_definitions_are_never_marked_and_labels_are_cut_to_what_a_label_holds():
    crd = thing(kind="CustomResourceDefinition", version="apiextensions.k8s.io/v1")
    assert tracked(crd, "app") is crd
    long = tracked(thing(), "a" * 62 + "-b", Tracking(method=TrackingMethod.ANNOTATION_AND_LABEL))
    assert long["metadata"]["labels"]["app.kubernetes.io/instance"] == "a" * 62
    alone = tracked(thing(), "a" * 64, Tracking(method=TrackingMethod.LABEL))
    assert alone["metadata"]["labels"]["app.kubernetes.io/instance"] == "a" * 64


def test_resources_of_other_applications_are_shared():
    mine, theirs = tracked(thing("a"), "app"), tracked(thing("b"), "other")
    found = by_key(mine, theirs, thing("c"))
    assert shared_resources(found, "app") == ((key_of(theirs), "other"),)


def test_an_application_is_out_of_sync_where_a_resource_differs_is_missing_or_is_too_many():
    one, other = thing("a", data={"k": "1"}), thing("a", data={"k": "2"})
    assert application_status([one], by_key(one)).sync is SYNCED
    assert application_status([one], by_key(other)).sync is OUT
    missing = application_status([one], {})
    assert (missing.sync, missing.health) == (OUT, HealthStatus.MISSING)
    extra = application_status([], by_key(one))
    assert (extra.sync, extra.resources[0].requires_pruning) == (OUT, True)
    ignored = thing("a", compare_options="IgnoreExtraneous")
    assert application_status([], by_key(ignored)).sync is SYNCED


def test_hooks_count_for_nothing():
    hook = thing("h", hook="PreSync")
    status = application_status([hook, thing("s", hook="Skip"), thing("w", hook="Wrong")], by_key(hook))
    assert (status.sync, status.health) == (SYNCED, HealthStatus.HEALTHY)
    assert all(part.hook and part.status is None for part in status.resources)


def test_what_cannot_be_trusted_is_unknown_everywhere():
    status = application_status([thing()], by_key(thing()), conditions=[("ComparisonError", "no repository")])
    assert (status.sync, status.health) == (UNKNOWN, HealthStatus.UNKNOWN)
    assert {part.status for part in status.resources} == {UNKNOWN}
    warned = application_status([thing()], by_key(thing()), conditions=[("OrphanedResourceWarning", "x")])
    assert warned.sync is SYNCED


def test_health_is_the_worst_of_the_resources_whose_health_is_not_ignored():
    claim = thing("c", "PersistentVolumeClaim") | {"status": {"phase": "Lost"}}
    assert application_status([claim], by_key(claim)).health is HealthStatus.DEGRADED
    quiet = thing("c", "PersistentVolumeClaim", ignore_healthcheck="true") | {"status": {"phase": "Lost"}}
    assert application_status([quiet], by_key(quiet)).health is HealthStatus.HEALTHY
    mine = application_status(
        [thing()], by_key(thing()), health=lambda _: Health(status=HealthStatus.SUSPENDED)
    )
    assert mine.health is HealthStatus.SUSPENDED


def test_a_status_goes_on_since_when_it_began():
    assert since(None, "Healthy", 5) == 5
    assert since(("Healthy", 1), "Healthy", 5) == 1
    assert since(("Degraded", 1), "Healthy", 5) == 5


def part(name, status=OUT, **settings):
    return ResourceStatus(key=ResourceKey(kind="ConfigMap", name=name), status=status, **settings)


def state(*parts, sync=OUT):
    return ApplicationStatus(sync=sync, health=HealthStatus.HEALTHY, resources=parts)


def policy(**settings):
    return SyncPolicy(automated=Automated(**settings))


def decided(policy, status, last=None, now=100.0, **settings):
    return decide(policy, status, revisions=("r1",), source="s", last=last, now=now, **settings)


def last(phase=OperationPhase.SUCCEEDED, **settings):
    given = {"revisions": ("r1",), "source": "s", "finished_at": 90.0, "phase": phase} | settings
    return LastSync(**given)


def test_an_out_of_sync_application_is_synced_once_for_each_revision():
    status = state(part("a"))
    assert decided(policy(), status).sync
    assert decided(policy(), status, last(revisions=("r0",))).sync
    assert decided(policy(), status, last(source="other")).sync
    assert not decided(policy(), status, last()).sync
    failed = decided(policy(self_heal=True), status, last(OperationPhase.FAILED, message="why"))
    assert (failed.sync, failed.error) == (False, True) and "why" in failed.reason


@pytest.mark.parametrize(
    ("given", "status", "settings"),
    [
        (None, state(part("a")), {}),
        (SyncPolicy(), state(part("a")), {}),
        (policy(enabled=False), state(part("a")), {}),
        (policy(), state(part("a")), {"running": True}),
        (policy(), state(part("a")), {"deleting": True}),
        (policy(), state(part("a", SYNCED), sync=SYNCED), {}),
        (policy(), state(part("a", UNKNOWN), sync=UNKNOWN), {}),
        (policy(), state(part("a", SYNCED), part("b", requires_pruning=True)), {}),
    ],
)
def test_no_automatic_sync(given, status, settings):
    decision = decided(given, status, **settings)
    assert not decision.sync and not decision.error and decision.reason


def test_self_heal_syncs_only_what_is_out_of_sync_and_waits_longer_each_time():
    status = state(part("a"), part("b", SYNCED), part("h", None, hook=True))
    first = decided(policy(self_heal=True), status, last())
    assert first.sync and [key.name for key in first.resources] == ["a"] and first.heals == 1
    waiting = decided(policy(self_heal=True), status, last(heals=3), now=95.0)
    assert not waiting.sync and waiting.retry_after == 13.0
    assert [heal_delay(number) for number in range(7)] == [0, 2, 6, 18, 54, 162, 300]


def test_a_sync_that_would_delete_everything_is_refused_unless_that_is_allowed():
    status = state(part("a", requires_pruning=True), part("b", requires_pruning=True))
    refused = decided(policy(prune=True), status)
    assert (refused.sync, refused.error) == (False, True)
    assert decided(policy(prune=True, allow_empty=True), status).sync
    assert decided(policy(prune=True), state(part("a", requires_pruning=True), part("b", SYNCED))).sync


def test_retries_wait_longer_each_time_up_to_a_limit():
    default = Retry(limit=10)
    assert [retry_delay(number, default) for number in range(7)] == [5, 10, 20, 40, 80, 160, 180]
    own = Retry(limit=-1, backoff=Backoff(duration="1m", factor=3, max_duration="5m"))
    assert [retry_delay(number, own) for number in (0, 1, 2, 1000)] == [60, 180, 300, 300]
    assert retry_delay(0, None) is None
    assert retry_delay(4, None, automatic=True) == 80 and retry_delay(5, None, automatic=True) is None
    assert retry_delay(0, Retry(limit=1, backoff=Backoff(duration="7", max_duration="wrong"))) == 7


def test_the_history_keeps_the_newest_entries():
    history = ()
    for number in range(4):
        history = recorded(history, revisions=(f"r{number}",), started_at=1, now=number, limit=3)
    assert [entry.id for entry in history] == [1, 2, 3]
    assert find(history).revisions == ("r2",) and find(history, 1).revisions == ("r1",)
    assert find(history, 9) is None and find(()) is None
    assert recorded(history, revisions=(), started_at=1, now=1, limit=0) == ()


def test_a_rollback_lasts_until_something_newer_is_desired_or_a_person_ends_it():
    hold = Hold(revisions=("old",), instead_of=("bad",))
    assert desired_revisions(("bad",), hold) == (("old",), hold)
    assert desired_revisions(("fixed",), hold) == (("fixed",), None)
    firm = Hold(revisions=("old",))
    assert desired_revisions(("fixed",), firm) == (("old",), firm)
    assert desired_revisions(("new",), None) == (("new",), None)


def test_applications_come_in_layers_after_what_they_depend_on():
    result = order({"web": ["api", "cache"], "api": ["db"], "db": [], "cache": [], "odd": ["nobody"]})
    assert result.layers == (("db", "cache", "odd"), ("api",), ("web",))
    assert result.missing == (("odd", "nobody"),) and result.cycles == ()


def test_applications_that_wait_for_each_other_are_named():
    result = order({"a": ["b"], "b": ["c"], "c": ["b"], "d": []})
    assert result.layers == (("d",),)
    assert [set(ring) for ring in result.cycles] == [{"b", "c"}]
    assert order({"self": ["self"]}).cycles == (("self",),)


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_every_application_is_in_one_layer_or_behind_a_ring(depends):
    result = order(depends)
    placed = [name for layer in result.layers for name in layer]
    assert len(placed) == len(set(placed))
    assert bool(result.cycles) is (set(placed) != set(depends))


def test_an_application_waits_until_what_it_depends_on_is_synced_and_healthy():
    app = {"metadata": {"annotations": {"holkas.dev/depends-on": "db, cache,db"}}}
    assert dependencies_of(app) == ("db", "cache")
    statuses = {"db": (SYNCED, HealthStatus.HEALTHY), "cache": (SYNCED, HealthStatus.PROGRESSING)}
    assert waits_for(("db", "cache", "gone"), statuses) == ("cache", "gone")
