"""Order, hooks, options and identity of syncs against Argo CD's tables.

Every test of these tables is either answered here or listed with the reason why it is not ours.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from holkas.gitops.annotations import (
    HELM_HOOK,
    HELM_HOOK_DELETE_POLICY,
    HOOK,
    HOOK_DELETE_POLICY,
    SYNC_OPTIONS,
)
from holkas.gitops.application_name import parse_instance
from holkas.gitops.diff.normalise import normalised
from holkas.gitops.health.builtin import CHECKS
from holkas.gitops.health.builtin.api import api_service
from holkas.gitops.hooks import (
    HookType,
    delete_policies,
    hook_types,
    is_delete_hook,
    is_hook,
    is_ignored,
    is_skipped,
    phases,
)
from holkas.gitops.images import images_of
from holkas.gitops.order import kind_rank, wave_of
from holkas.gitops.plan import SyncRequest, next_deleted, plan
from holkas.gitops.progress import waiting_message
from holkas.gitops.status import since
from holkas.gitops.sync_options import SyncOptions, needs_delete_confirmation, validates
from holkas.model.sync import key_of
from holkas.yaml import load

from tests.shared import rows

pytestmark = pytest.mark.conformance

NOT_OURS = {
    "TestGetManagedLiveObjsFailedConversion": "conversion between API versions by a cluster",
    "TestServerResourcesRetry": "retries of calls to a cluster's API",
    "TestNormalizeHydrationProcessors": "number of workers of a control plane",
    "TestShouldProcessOperation": "the queue of a control plane",
}


def table(name):
    return list(rows("argocd", name))


ENGINE = table("table_sync_engine.jsonl") + table("table_controller.jsonl")
SIMPLE = table("sync_simple.jsonl")


def cases(test):
    return [row["case"] for row in ENGINE if row["test"] == test]


def pod(**annotations):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "annotations": annotations}}


def test_every_row_is_answered_or_listed_with_a_reason():
    source = Path(__file__).read_text(encoding="utf-8")
    answered = set(re.findall(r'cases\("(\w+)"\)', source))
    assert {row["test"] for row in ENGINE} <= answered | set(NOT_OURS)
    assert not answered & set(NOT_OURS)


@pytest.mark.parametrize(
    "row", [row for row in SIMPLE if row["kind"] == "kindOrder"], ids=lambda row: row["k"]
)
def test_order_of_kinds(row):
    assert kind_rank(row["k"]) == row["order"]


def test_phases_of_hooks():
    assert phases(pod(**{HOOK: "Skip"})) == phases(pod(**{HOOK: "Garbage"})) == ()
    assert [phase.value for phase in phases(pod(**{HOOK: "PreSync,PostSync"}))] == ["PreSync", "PostSync"]


@pytest.mark.parametrize(
    "row",
    [row for row in SIMPLE if row["kind"] == "assert" and "Annotate(" in row["src"]],
    ids=lambda row: f"{row['file']}:{row['line']}",
)
def test_assertions_about_one_annotation(row):
    match = re.search(r"Annotate\(testingutils\.New(\w+)\(\), \"([^\"]+)\", \"([^\"]+)\"\)", row["src"])
    made, name, text = match.groups()
    manifest = pod(**{name: text})
    if made == "CRD":
        manifest |= {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    if "Wave(" in row["src"]:
        assert wave_of(manifest) == int(re.search(r"Equal\(t, (-?\d+)", row["src"]).group(1))
    elif "DeletePolicies(" in row["src"]:
        [expected] = re.findall(r"(BeforeHookCreation|HookSucceeded|HookFailed)\}", row["src"])
        assert [policy.value for policy in delete_policies(manifest)] == [expected]
    elif "Types(" in row["src"]:
        found = [hook.value for hook in hook_types(manifest)]
        assert found == ([] if "Nil" in row["src"] else ["PreSync"])
    else:
        assert is_hook(manifest) is ("True" in row["src"])


def test_hooks_of_helm_are_those_of_argo_cd():
    for row in SIMPLE:
        found = re.search(r"common\.HookType(\w+), (Pre|Post)(Upgrade|Install)\.HookType", row.get("src", ""))
        if found:
            text = f"{found.group(2)}-{found.group(3)}".lower()
            assert [hook.value for hook in hook_types(pod(**{HELM_HOOK: text}))] == [found.group(1)]


def test_plain_resources_and_unknown_hooks():
    assert not is_hook(pod()) and not is_skipped(pod()) and not is_ignored(pod())
    assert is_skipped(pod(**{HOOK: "Skip"})) and is_ignored(pod(**{HOOK: "garbage"}))
    assert is_ignored(pod(**{HELM_HOOK: "garbage"})) and not is_ignored(pod(**{HELM_HOOK: "pre-install"}))
    assert [policy.value for policy in delete_policies(pod(**{HOOK_DELETE_POLICY: "x"}))] == [
        "BeforeHookCreation"
    ]
    assert [policy.value for policy in delete_policies(pod(**{HELM_HOOK_DELETE_POLICY: "hook-failed"}))] == [
        "HookFailed"
    ]


@pytest.mark.parametrize("case", cases("TestIsHook"), ids=lambda case: case["name"])
def test_is_hook(case):
    assert is_hook(pod(**case["annot"])) is case["expected"]


@pytest.mark.parametrize("case", cases("TestIsPreDeleteHook"), ids=lambda case: case["name"])
def test_is_pre_delete_hook(case):
    assert is_delete_hook(pod(**case["annot"]), HookType.PRE_DELETE) is case["expected"]


@pytest.mark.parametrize("case", cases("TestIsPostDeleteHook"), ids=lambda case: case["name"])
def test_is_post_delete_hook(case):
    assert is_delete_hook(pod(**case["annot"]), HookType.POST_DELETE) is case["expected"]


@pytest.mark.parametrize("case", cases("TestCompareAppStateSyncHookSyncWave"), ids=lambda case: case["name"])
def test_waves_of_hooks(case):
    hook = pod(**{HOOK: case["hookType"], "argocd.argoproj.io/sync-wave": case["syncWave"]})
    assert [task.wave for task in plan(SyncRequest(desired=(hook,)))] == [case["expectedSyncWave"]]


@pytest.mark.parametrize("case", cases("TestFilterObjectsForDeletion"))
def test_deletion_goes_by_waves(case):
    wave = "argocd.argoproj.io/sync-wave"
    things = [pod(**{wave: text}) for text in case["input"]]
    assert [thing["metadata"]["annotations"][wave] for thing in next_deleted(things)] == case["want"]


@pytest.mark.parametrize(
    "case", cases("Test_isObjRequiresDeletionConfirmation"), ids=lambda case: case["name"]
)
def test_deletion_that_needs_confirmation(case):
    own = ",".join(case.get("resourceSyncOptions") or ())
    needed = needs_delete_confirmation(
        pod(**({SYNC_OPTIONS: own} if own else {})), case.get("appSyncOptions") or ()
    )
    assert needed is case["expected"]


@pytest.mark.parametrize("case", cases("TestSyncOptionValidate"), ids=lambda case: case["name"])
def test_validation_is_an_option(case):
    assert validates(pod(**{SYNC_OPTIONS: case["annotationVal"]}), SyncOptions()) is case["want"]


@pytest.mark.parametrize("case", cases("TestSyncCustomResources"), ids=lambda case: case["name"])
def test_dry_runs_of_custom_resources(case):
    fields = case["fields"]
    options = (
        {SYNC_OPTIONS: "SkipDryRunOnMissingResource=true"} if fields["skipDryRunAnnotationPresent"] else {}
    )
    toy = pod(**options) | {"apiVersion": "example.com/v1", "kind": "Toy"}
    definition = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    definition |= {"metadata": {"name": "toys"}, "spec": {"group": "example.com", "names": {"kind": "Toy"}}}
    desired = (toy, definition) if fields["crdInSameSync"] else (toy,)
    tasks = plan(SyncRequest(desired=desired), lambda group, kind: fields["crdAlreadyPresent"] or None)
    [task] = [task for task in tasks if task.key.resource.kind == "Toy"]
    assert task.skip_dry_run is not case["wantDryRun"]


@pytest.mark.parametrize("case", cases("Test_shouldNamespaceSync"), ids=lambda case: case["name"])
def test_the_namespace_is_left_alone(case):
    if case["managedNs"] is None:
        assert plan(SyncRequest(desired=(), options=SyncOptions(create_namespace=True))) == []


@pytest.mark.parametrize("case", cases("Test_setRunningPhase"), ids=lambda case: case["name"])
def test_what_is_waited_for(case):
    if not case["tasks"]:
        assert waiting_message("healthy state of", []) == case["expectedMessage"]


@pytest.mark.parametrize("case", cases("Test_syncContext_liveObj"), ids=lambda case: case["name"])
def test_nothing_desired_and_nothing_live_is_nothing_to_do(case):
    assert case["want"] is None and plan(SyncRequest(desired=())) == []


@pytest.mark.parametrize("case", cases("TestNormalizeSecret"), ids=lambda case: case["testname"])
def test_string_data_of_secrets(case):
    secret = {"apiVersion": "v1", "kind": "Secret", "data": case["data"], "stringData": case["stringData"]}
    result = normalised(secret)
    assert "stringData" not in result
    for name, text in case["stringData"].items():
        if text is not None:
            assert base64.b64decode(result["data"][name]).decode() == text
    assert result["data"].items() >= case["data"].items()


@pytest.mark.parametrize("case", cases("TestRemarshalResources"), ids=lambda case: case["name"])
def test_quantities(case):
    container = {"name": "c", "resources": {"requests": {"cpu": case["cpu"]}}}
    manifest = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}
    found = normalised(manifest)["spec"]["containers"][0]["resources"]["requests"]["cpu"]
    assert found == case["expectedCPU"]


@pytest.mark.parametrize("case", cases("TestGetResourceImages"), ids=lambda case: case["description"])
def test_images(case):
    assert list(images_of(load(case["manifest"]))) == (case["expected"] or [])


@pytest.mark.parametrize("case", cases("TestIsAPIService"), ids=lambda case: case["name"])
def test_api_services(case):
    key = key_of(case["obj"]["Object"])
    assert (CHECKS.get((key.group, key.kind)) is api_service) is case["expected"]


@pytest.mark.parametrize(
    "case", cases("TestUpdateHealthStatusProgression") + cases("TestSetApplicationHealth_HealthImproves")
)
def test_a_health_that_changes_begins_anew(case):
    old = case.get("initialStatus") or case["oldStatus"]
    new = case.get("expectedStatus") or case["newStatus"]
    assert since((old, 1.0), new, 9.0) == 9.0 and since((new, 1.0), new, 9.0) == 1.0


@pytest.mark.parametrize("case", cases("TestToAppKey"), ids=lambda case: case["name"])
def test_keys_of_applications(case):
    name, namespace = parse_instance(case["input"])
    assert f"{namespace}/{name}" == case["expected"]
