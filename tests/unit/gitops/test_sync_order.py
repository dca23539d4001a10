"""Order, hooks and options of syncs."""

from __future__ import annotations

import pytest
from holkas.gitops.hooks import (
    DeletePolicy,
    HookType,
    delete_policies,
    hook_types,
    is_hook,
    is_ignored,
    named,
)
from holkas.gitops.order import kind_rank, ordered, wave_of
from holkas.gitops.plan import SyncRequest, next_deleted, plan
from holkas.gitops.sync_options import (
    SyncOptions,
    keeps_when_deleted,
    keeps_when_pruned,
    needs_delete_confirmation,
    read_options,
    value_of,
)
from holkas.model.resource import ResourceKey
from holkas.model.sync import SyncPhase, SyncTask, TaskKey, key_of
from hypothesis import given
from hypothesis import strategies as st


def thing(kind="ConfigMap", name="x", namespace="", version="v1", **annotations):
    names = {"wave": "argocd.argoproj.io/sync-wave", "hook": "argocd.argoproj.io/hook"}
    names |= {"options": "argocd.argoproj.io/sync-options", "policy": "argocd.argoproj.io/hook-delete-policy"}
    names |= {"helm": "helm.sh/hook", "weight": "helm.sh/hook-weight", "keep": "helm.sh/resource-policy"}
    metadata = {"name": name, "annotations": {names[key]: value for key, value in annotations.items()}}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def crd(group, kind, **annotations):
    manifest = thing("CustomResourceDefinition", kind, version="apiextensions.k8s.io/v1", **annotations)
    return manifest | {"spec": {"group": group, "names": {"kind": kind}}}


def names(tasks):
    return [f"{task.key.phase}/{task.wave}/{task.key.resource.name}" for task in tasks]


def test_phase_then_wave_then_kind_then_name():
    request = SyncRequest(
        desired=(
            thing("Deployment", "b", version="apps/v1"),
            thing("Deployment", "a", version="apps/v1"),
            thing("Strange", "first-by-wave", wave="-1"),
            thing("ServiceAccount", "account"),
            thing("Job", "after", hook="PostSync", version="batch/v1"),
            thing("Job", "before", hook="PreSync", wave="5", version="batch/v1"),
            thing("Strange", "last-kind"),
        )
    )
    assert names(plan(request)) == [
        "PreSync/5/before",
        "Sync/-1/first-by-wave",
        "Sync/0/account",
        "Sync/0/a",
        "Sync/0/b",
        "Sync/0/last-kind",
        "PostSync/0/after",
    ]


def test_namespaces_and_definitions_are_pulled_before_what_needs_them_and_take_its_place():
    request = SyncRequest(
        desired=(
            thing("Namespace", "home", wave="3"),
            crd("example.com", "Toy", wave="2"),
            thing("Toy", "toy", "home", version="example.com/v1", wave="-2"),
            thing("Job", "hook", "home", hook="PreSync", version="batch/v1"),
        )
    )
    tasks = plan(request)
    assert names(tasks) == ["PreSync/0/home", "PreSync/0/hook", "Sync/-2/Toy", "Sync/-2/toy"]
    assert [task.skip_dry_run for task in tasks] == [False, False, False, True]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Namespace", "ConfigMap", "Deployment", "Other"]),
            st.sampled_from("abc"),
            st.sampled_from(["", "a", "b"]),
            st.integers(-2, 2),
        ),
        unique=True,
    )
)
def test_order_loses_nothing_and_no_namespace_comes_after_its_first_dependant(things):
    tasks = [
        SyncTask(
            key=TaskKey(resource=key_of(manifest), phase=SyncPhase.SYNC),
            wave=wave_of(manifest),
            target=manifest,
        )
        for manifest in (
            thing(kind, name, namespace if kind != "Namespace" else "", wave=str(wave))
            for kind, name, namespace, wave in things
        )
    ]
    result = ordered(tasks)
    assert sorted(task.key for task in result) == sorted(task.key for task in tasks)
    assert [task.wave for task in result] == sorted(task.wave for task in result)
    seen = set()
    for task in reversed(result):
        if task.key.resource.kind == "Namespace":
            seen.add(task.key.resource.name)
        else:
            assert task.key.resource.namespace not in seen or not task.key.resource.namespace


@pytest.mark.parametrize(
    ("annotations", "wave"),
    [
        ({"wave": "2"}, 2),
        ({"wave": "x", "weight": "-3"}, -3),
        ({"weight": "1.5"}, 0),
        ({}, 0),
        ({"wave": ""}, 0),
    ],
)
def test_waves_that_are_no_numbers_are_passed_over(annotations, wave):
    assert wave_of(thing(**annotations)) == wave


def test_thirty_five_kinds_are_known_and_all_others_come_last():
    assert (kind_rank("Namespace"), kind_rank("APIService"), kind_rank("Strange")) == (-35, -1, 0)


@pytest.mark.parametrize(
    ("annotations", "types", "hook", "ignored"),
    [
        ({}, (), False, False),
        ({"hook": "PreSync,PostSync"}, (HookType.PRE_SYNC, HookType.POST_SYNC), True, False),
        ({"hook": "Sync", "helm": "pre-install"}, (HookType.SYNC,), True, False),
        ({"hook": "Wrong"}, (), True, True),
        ({"hook": "Skip"}, (HookType.SKIP,), False, False),
        ({"hook": "Skip,Sync"}, (HookType.SKIP, HookType.SYNC), True, False),
        ({"helm": "post-install,post-upgrade"}, (HookType.POST_SYNC, HookType.POST_SYNC), True, False),
        ({"helm": "test"}, (), True, True),
    ],
)
def test_types_of_hooks(annotations, types, hook, ignored):
    manifest = thing(**annotations)
    assert (hook_types(manifest), is_hook(manifest), is_ignored(manifest)) == (types, hook, ignored)


def test_delete_policies():
    assert delete_policies(thing(policy="HookSucceeded, HookFailed, x")) == (
        DeletePolicy.HOOK_SUCCEEDED,
        DeletePolicy.HOOK_FAILED,
    )
    assert delete_policies(thing(policy="x")) == (DeletePolicy.BEFORE_HOOK_CREATION,)


def test_nameless_hooks_get_a_name_that_stays_the_same_in_one_operation():
    hook = {"metadata": {"generateName": "Migrate-"}}
    name = named(hook, revision="ABCDEF0123", phase=SyncPhase.PRE_SYNC, started_at=17.9)["metadata"]["name"]
    assert name == "Migrate-abcdef0-presync-17"
    assert (
        named(hook, revision="v1", phase=SyncPhase.SYNC, started_at=1)["metadata"]["name"]
        == "Migrate-v1-sync-1"
    )
    kept = {"metadata": {"name": "own"}}
    assert named(kept, revision="", phase=SyncPhase.SYNC, started_at=1) == kept


def test_prunes_go_in_mirrored_waves_and_last_where_asked_for():
    live = {
        key_of(manifest): manifest
        for manifest in (
            thing(name="one", wave="1"),
            thing(name="two", wave="2"),
            thing(name="five", wave="5"),
            thing(name="late", wave="1", options="PruneLast=true"),
        )
    }
    tasks = plan(SyncRequest(desired=(thing(name="kept", wave="7"),), live=live))
    assert {task.key.resource.name: task.wave for task in tasks} == {
        "one": 5,
        "two": 2,
        "five": 1,
        "kept": 7,
        "late": 8,
    }
    everything = plan(SyncRequest(desired=(), live=live, options=SyncOptions(prune_last=True)))
    assert {task.wave for task in everything} == {6}


def test_selective_syncs_have_only_what_is_selected_and_no_hooks():
    request = SyncRequest(
        desired=(thing(name="a"), thing(name="b"), thing("Job", "hook", hook="Sync")),
        selected=frozenset({ResourceKey(kind="ConfigMap", name="b")}),
    )
    assert names(plan(request)) == ["Sync/0/b"]


def test_resources_get_the_destinations_namespace_unless_they_live_in_none():
    request = SyncRequest(
        desired=(
            thing(name="a"),
            thing(name="b", namespace="own"),
            thing("ClusterRole", "role", "wrong", version="rbac.authorization.k8s.io/v1"),
            thing("Star", "star", version="sky/v1"),
        ),
        namespace="home",
    )
    found = {
        task.key.resource.name: task.key.resource.namespace
        for task in plan(request, lambda group, kind: False if group == "sky" else None)
    }
    assert found == {"a": "home", "b": "own", "role": "", "star": ""}


def test_the_namespace_is_made_first_where_it_is_missing_or_not_as_it_should_be():
    options = SyncOptions(create_namespace=True)
    key = ResourceKey(kind="Namespace", name="home")
    wanted = {"labels": {"team": "red"}}
    request = SyncRequest(desired=(thing(name="a"),), namespace="home", options=options)
    assert names(plan(request)) == ["PreSync/0/home", "Sync/0/a"]
    there = {"live_hooks": {key: thing("Namespace", "home")}}
    as_is = SyncRequest(desired=(), namespace="home", options=options, **there)
    assert plan(as_is) == []
    labelled = SyncRequest(desired=(), namespace="home", options=options, namespace_metadata=wanted, **there)
    assert plan(labelled)[0].target["metadata"] == {"name": "home", "labels": {"team": "red"}}
    own = SyncRequest(desired=(thing("Namespace", "home"),), namespace="home", options=options)
    assert names(plan(own)) == ["Sync/0/home"]


def test_an_application_is_deleted_from_its_highest_wave_down():
    things = [thing(name=name, wave=wave) for name, wave in (("a", "1"), ("b", "7"), ("c", "7"))]
    assert [item["metadata"]["name"] for item in next_deleted(things)] == ["b", "c"]
    assert next_deleted([]) == []


def test_options_of_applications():
    options = read_options(
        [
            "Validate=false",
            "PrunePropagationPolicy=orphan",
            "Unknown=true",
            "Replace=maybe",
            "ServerSideApply=true",
        ],
        prune=True,
    )
    assert (options.validate, options.propagation, options.server_side, options.replace, options.prune) == (
        False,
        "orphan",
        True,
        False,
        True,
    )


def test_options_of_resources_outweigh_those_of_the_application():
    mine = thing(options="Prune=false,Delete=confirm")
    assert value_of(mine, ["Delete=false"], "Delete") == "confirm"
    assert value_of(thing(), ["Delete=false"], "Delete") == "false"
    assert value_of(None, [], "Delete") == ""
    assert (
        keeps_when_pruned(mine) and keeps_when_pruned(thing(keep="keep")) and not keeps_when_pruned(thing())
    )
    assert keeps_when_deleted(thing(options="Delete=false")) and not keeps_when_deleted(mine)
    assert needs_delete_confirmation(mine) and not needs_delete_confirmation(thing())
