"""Differences between what is desired and what is live."""

from __future__ import annotations

import copy
import json

import pytest
from holkas.gitops.diff import CompareSettings, IgnoreRuleError, compare, respecting_ignored
from holkas.gitops.diff.normalise import normalised
from holkas.gitops.diff.quantity import canonical_quantity
from holkas.gitops.diff.text import changes, unified_diff
from holkas.model.application import IgnoreDifference
from hypothesis import given
from hypothesis import strategies as st


def ignoring(**rule):
    return IgnoreDifference(**{"group": "*", "kind": "*"} | rule)


LAST = "kubectl.kubernetes.io/last-applied-configuration"


def deployment(**spec):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": spec}


def custom(**spec):
    return {"apiVersion": "example.com/v1", "kind": "Toy", "metadata": {"name": "t"}, "spec": spec}


def applied(live, last):
    found = copy.deepcopy(live)
    found["metadata"]["annotations"] = {LAST: json.dumps(last)}
    return found


def modified(target, live, **settings):
    return compare(target, live, CompareSettings(**settings)).modified


def test_equal_objects_are_equal_and_missing_ones_are_not():
    assert not modified(deployment(replicas=1), deployment(replicas=1))
    assert modified(deployment(), None) and modified(None, deployment()) and not modified(None, None)


@pytest.mark.parametrize(
    ("target", "live", "expected"),
    [
        (deployment(replicas=1), deployment(replicas=2), True),
        (deployment(replicas=1), deployment(replicas=1, paused=True), False),
        (deployment(replicas=1, paused=None, strategy={}), deployment(replicas=1), False),
        (custom(a={}), custom(), True),
        (custom(a=None), custom(), False),
        (deployment(), deployment() | {"status": {"replicas": 1}}, False),
        (deployment(), deployment() | {"metadata": {"name": "d", "uid": "1", "managedFields": []}}, False),
        (custom(items=[{"a": 1}]), custom(items=[{"a": 1, "b": 2}]), True),
        (deployment(items=[{"a": 1}]), deployment(items=[{"a": 1, "b": 2}]), False),
        (deployment(items=[1, 2]), deployment(items=[2, 1]), True),
        (deployment(items=[1]), deployment(items=[1, 2]), True),
    ],
)
def test_fields_that_only_the_live_resource_has_do_not_count(target, live, expected):
    assert modified(target, live) is expected


def test_exact_comparison_counts_every_field():
    assert modified(deployment(replicas=1), deployment(replicas=1, paused=True), exact=True)
    assert not modified(deployment(replicas=1), deployment(replicas=1) | {"status": {}}, exact=True)


def test_what_was_applied_last_and_is_no_longer_desired_is_a_difference():
    live = applied(deployment(replicas=1, paused=True), deployment(replicas=1, paused=True))
    assert modified(deployment(replicas=1), live)
    assert compare(deployment(replicas=1), live).predicted["spec"] == {"replicas": 1}
    untouched = applied(deployment(replicas=1, paused=True), deployment(replicas=1))
    assert not modified(deployment(replicas=1), untouched)
    broken = applied(deployment(replicas=1), deployment())
    broken["metadata"]["annotations"][LAST] = "{"
    assert not modified(deployment(replicas=1), broken)


def pod(*containers):
    return deployment(template={"spec": {"containers": list(containers)}})


def test_lists_with_merge_keys_are_merged_by_them():
    live = pod({"name": "side", "image": "s"}, {"name": "main", "image": "m", "tty": False})
    assert not modified(pod({"name": "main", "image": "m"}), live)
    assert modified(pod({"name": "main", "image": "new"}), live)
    assert modified(pod({"name": "main", "image": "m"}, {"name": "extra", "image": "x"}), live)
    last = pod({"name": "main", "image": "m"}, {"name": "side", "image": "s"})
    difference = compare(pod({"name": "main", "image": "m"}), applied(live, last))
    containers = difference.predicted["spec"]["template"]["spec"]["containers"]
    assert [item["name"] for item in containers] == ["main"]


def test_another_order_of_merged_items_is_a_difference():
    one, two = {"name": "a", "image": "1"}, {"name": "b", "image": "2"}
    assert modified(pod(two, one), pod(one, two))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (0.2, "200m"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1610612736"),
        ("1000m", "1"),
        ("1e3", "1k"),
        ("0", "0"),
        (2, "2"),
        ("-0.5", "-500m"),
        ("100000n", "100u"),
        ("12E", "12E"),
        ("1500Ki", "1500Ki"),
        ("0Ki", "0"),
        ("0.0000000001", "1n"),
        ("1e20", "100E"),
        ("nothing", "nothing"),
        (True, True),
        ("", ""),
    ],
)
def test_quantities_have_one_spelling(written, canonical):
    assert canonical_quantity(written) == canonical


@given(st.integers(0, 10**12), st.sampled_from(["", "k", "m", "Ki", "Mi", "u"]))
def test_a_canonical_quantity_is_its_own_canonical_form(number, suffix):
    once = canonical_quantity(f"{number}{suffix}")
    assert canonical_quantity(once) == once


def test_quantities_of_resources_are_compared_as_such_in_kubernetes_own_kinds_only():
    def with_limit(value):
        return pod({"name": "main", "resources": {"limits": {"cpu": value}}})

    assert not modified(with_limit(0.2), with_limit("200m"))
    assert modified(custom(resources={"limits": {"cpu": 0.2}}), custom(resources={"limits": {"cpu": "200m"}}))


def secret(**fields):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **fields}


def test_string_data_of_secrets_is_data():
    assert not modified(secret(stringData={"a": "b"}), secret(data={"a": "Yg=="}))
    assert normalised(secret(stringData={"a": "b"}, data={"c": "ZA=="}))["data"] == {"a": "Yg==", "c": "ZA=="}
    assert "data" not in normalised(secret(stringData={}))


def test_rules_of_aggregated_roles_are_the_controllers():
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}}
    target = role | {"aggregationRule": {}, "rules": []}
    live = role | {"aggregationRule": {}, "rules": [{"verbs": ["get"]}]}
    assert not modified(target, live)
    assert modified(target, live, ignore_aggregated_roles=False)


LIVE = custom(a=1, list=[{"name": "x", "v": 1}, {"name": "y", "v": 2}], **{"k/ey": 3})
FIRST = '.spec.list[]|select(.name=="x")'
TARGET = custom(a=9, list=[{"name": "x", "v": 9}, {"name": "y", "v": 2}], **{"k/ey": 9})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, True),
        ({"json_pointers": ("/spec/a", "/spec/k~1ey", "/spec/list/0")}, False),
        ({"json_pointers": ("/spec",)}, False),
        ({"json_pointers": ("/spec", "/nothing/here")}, False),
        (
            {
                "json_pointers": ("/spec/a", "/spec/k~1ey"),
                "jq_path_expressions": ('.spec.list[]|select(.name=="x")',),
            },
            False,
        ),
        ({"jq_path_expressions": ('.. | select(type == "number" and . != 2)', '.spec["a,b*c#d"]')}, False),
        ({"json_pointers": ("/spec",), "kind": "Other"}, True),
        ({"json_pointers": ("/spec",), "kind": "T*", "group": "*.com", "name": "t"}, False),
        ({"json_pointers": ("/spec",), "kind": "{Other,T*}", "group": "*.{io,com}"}, False),
        ({"json_pointers": ("/spec",), "kind": "{Other"}, True),
        ({"json_pointers": ("/spec",), "name": "other"}, True),
        ({"json_pointers": ("/spec",), "namespace": "other"}, True),
    ],
)
def test_ignored_differences(rule, expected):
    assert modified(TARGET, LIVE, ignore=(ignoring(**rule),)) is expected


@pytest.mark.parametrize(
    "rule",
    [
        {"json_pointers": ("spec",)},
        {"jq_path_expressions": ("def f: f; f",)},
        {"jq_path_expressions": ("[repeat(1)]",)},
        {"jq_path_expressions": ("$ENV.HOME",)},
        {"jq_path_expressions": ('.a|select("x" * 1e9)',)},
        {"jq_path_expressions": (".. | .. | .. | .a",)},
        {"jq_path_expressions": ("|".join(["(.,.)"] * 30),)},
        {"jq_path_expressions": (".a[",)},
    ],
)
def test_rules_that_are_no_places_are_refused(rule):
    with pytest.raises(IgnoreRuleError):
        compare(TARGET, LIVE, CompareSettings(ignore=(ignoring(**rule),)))


MANAGED = [
    {
        "manager": "autoscaler",
        "operation": "Update",
        "fieldsV1": {"f:spec": {"f:a": {}, "f:list": {'k:{"name":"x"}': {"f:v": {}}}, "f:k/ey": {}}},
    }
]


def test_what_trusted_managers_own_is_ignored():
    live = copy.deepcopy(LIVE)
    live["metadata"]["managedFields"] = MANAGED
    assert not modified(TARGET, live, ignore=(ignoring(managers=("autoscaler",)),))
    assert modified(TARGET, live, ignore=(ignoring(managers=("other",)),))


def test_ignored_values_are_copied_from_the_live_resource_but_never_the_status():
    rules = (ignoring(json_pointers=("/spec/a", "/spec/new", "/status", "/spec/k~1ey")),)
    live = copy.deepcopy(LIVE) | {"status": {"x": 1}}
    live["spec"]["new"] = {"deep": True}
    del live["spec"]["k/ey"]
    result = respecting_ignored(TARGET, live, rules)
    assert result["spec"]["a"] == 1 and result["spec"]["new"] == {"deep": True}
    assert "k/ey" not in result["spec"] and "status" not in result
    assert TARGET["spec"]["a"] == 9
    assert respecting_ignored(TARGET, live, ()) is TARGET


def server_side(live, mine, others=()):
    found = copy.deepcopy(live)
    found["metadata"]["managedFields"] = [
        {"manager": "argocd-controller", "operation": "Apply", "fieldsV1": mine},
        *({"manager": name, "operation": "Update", "fieldsV1": fields} for name, fields in others),
    ]
    return found


def test_server_side_apply_takes_back_what_the_manager_alone_owned():
    mine = {"f:spec": {"f:a": {}, "f:b": {}}}
    live = custom(a=1, b=2, c=3)
    assert modified(custom(a=1), server_side(live, mine), server_side=True)
    shared = server_side(live, mine, [("other", {"f:spec": {"f:b": {}}})])
    assert not modified(custom(a=1), shared, server_side=True)


def test_server_side_apply_merges_lists_by_the_keys_of_the_managed_fields():
    fields = {
        "f:spec": {"f:list": {'k:{"id":"x"}': {".": {}, "f:id": {}, "f:v": {}}}, "f:set": {'v:"a"': {}}}
    }
    live = server_side(custom(list=[{"id": "z"}, {"id": "x", "v": 1}], set=["b", "a"]), fields)
    assert not modified(custom(list=[{"id": "x", "v": 1}], set=["a"]), live, server_side=True)
    assert modified(custom(list=[{"id": "x", "v": 2}], set=["a"]), live, server_side=True)
    gone = compare(custom(list=[], set=[]), live, CompareSettings(server_side=True))
    assert gone.predicted["spec"] == {"list": [{"id": "z"}], "set": ["b"]}


def test_the_option_of_a_resource_chooses_server_side_apply():
    target = custom(a=1)
    target["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": "ServerSideApply=true"}
    live = server_side(custom(a=1, b=2), {"f:spec": {"f:a": {}, "f:b": {}}})
    live["metadata"]["annotations"] = dict(target["metadata"]["annotations"])
    assert modified(target, live)


def test_the_text_of_a_difference():
    text = unified_diff(compare(deployment(replicas=2), deployment(replicas=1)))
    assert "-  replicas: 1" in text and "+  replicas: 2" in text
    assert unified_diff(compare(deployment(), deployment())) == ""
    assert "+kind: Deployment" in unified_diff(compare(deployment(), None))


def test_secrets_are_hidden_and_still_seen_to_differ():
    difference = compare(
        secret(stringData={"same": "x", "other": "new"}), secret(data={"same": "eA==", "other": "b2xk"})
    )
    text = unified_diff(difference)
    assert "bmV3" not in text and "b2xk" not in text and "eA==" not in text
    assert changes(difference) == [{"path": ["data", "other"], "before": "++++++++", "after": "+++++++++"}]
    assert "b2xk" not in unified_diff(compare(None, secret(data={"other": "b2xk"})))


def test_differences_as_data():
    difference = compare(custom(a=[1, 2], b=1), applied(custom(a=[1, 3], c=1), custom(c=1)))
    assert changes(difference) == [
        {"path": ["spec", "a", 1], "before": 3, "after": 2},
        {"path": ["spec", "c"], "before": 1},
        {"path": ["spec", "b"], "after": 1},
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("abc", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_after_a_sync_there_is_no_difference(wanted, live, last):
    for make in (custom, deployment):
        target, found = make(x=wanted), applied(make(x=live), make(x=last))
        result = compare(target, found).predicted
        again = copy.deepcopy(dict(result))
        again["metadata"] = {**again["metadata"], "annotations": {LAST: json.dumps(target)}}
        assert not compare(target, again).modified
