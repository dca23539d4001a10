"""Argo CD's own tables about projects, sources, repositories and names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from holkas.gitops.application_name import (
    instance_name,
    instance_of_qualified,
    parse_instance,
    parse_qualified,
)
from holkas.gitops.application_set_health import application_set_health
from holkas.gitops.glob import GlobError, compile_glob, matches
from holkas.gitops.project.integrity import effective_source_integrity
from holkas.gitops.project.matching import glob_match
from holkas.gitops.project.sources import is_destination_permitted, is_source_permitted
from holkas.gitops.repository_url import is_of_web_page, normalize_oci, sanitized
from holkas.model.application_source import directory_is_zero, is_zero
from holkas.model.repository import Repository
from holkas_compat.argocd.config.cluster import proxy_fault
from holkas_compat.argocd.config.repository import read_repository
from holkas_compat.argocd.reader import read_application, read_project, read_source
from holkas_compat.argocd.reader.application import read_destination, read_ignore_difference
from holkas_compat.argocd.reader.source import read_hydrator
from holkas_compat.argocd.reader.sync_policy import read_sync_policy
from holkas_compat.argocd.reader.values import values_text
from holkas_compat.argocd.validation.annotations import managed_by_url_fault
from holkas_compat.argocd.validation.project import service_account_faults
from holkas_compat.argocd.validation.roles import group_fault, is_action, is_policy_object
from holkas_compat.argocd.writer.sync_policy import write_sync_policy

from tests.shared import rows

pytestmark = pytest.mark.conformance

Case = Mapping[str, Any]
FILES = ("table_project_and_types.jsonl", "table_other.jsonl", "table_argo_util.jsonl")


def project(**spec: Any) -> Any:
    return read_project({"metadata": {"name": "test"}, "spec": spec})


def repository(fields: Case | None) -> Any:
    data = {key: str(value).lower() if value is True else str(value) for key, value in (fields or {}).items()}
    data["url"] = data.pop("repo", "")
    return read_repository({"kind": "Secret", "stringData": data})


def source_permitted(case: Case) -> None:
    found = is_source_permitted(project(sourceRepos=case["projSources"]), case["appSource"])
    assert found == case["isPermitted"]


def destination_permitted(case: Case) -> None:
    clusters = case.get("clusters")
    owner = project(destinations=case["projDest"], permitOnlyProjectScopedClusters=clusters is not None)
    place = read_destination(case["appDest"])
    known = tuple(map(read_destination, clusters or ()))
    assert is_destination_permitted(owner, place, known) == case["isPermitted"]


def appset_health(case: Case) -> None:
    health = application_set_health(case["conditions"])
    assert (health.status, health.message) == (case["expectedHealth"], case["expectedMsg"])


def copied(case: Case, of: Callable[[Any, Any], Any]) -> None:
    left = repository(case.get("repo"))
    right = None if case["source"] is None else repository(case["source"])
    assert of(left, right) == repository(case["want"])


def settings_copied(case: Case) -> None:
    assert repository({}).with_settings_of(repository(case["source"])) == repository(case["want"])


def zero(case: Case, of: Callable[[Any], bool]) -> None:
    options = case["source"]
    if options is not None:
        options = {key.lower() if key == "Env" else key: value for key, value in options.items()}
    assert of(options) == case["want"]


def service_account(case: Case) -> None:
    faults = [message for _, message in service_account_faults(case)]
    assert faults[:1] == ([case["expectedErrMsg"]] if case["expectedErrMsg"] else [])


def source_at(case: Case) -> None:
    application = read_application({"metadata": {"name": "a"}, "spec": case["application"]})
    found = application.source_at(case["sourceIndex"])
    assert found == (read_source(case["expected"]) if case["expected"] is not None else None)


def ignored(entries: Any) -> Any:
    names = {"JSONPointers": "jsonPointers", "JQPathExpressions": "jqPathExpressions"}
    return entries and [
        read_ignore_difference(
            {names.get(key, key[:1].lower() + key[1:]): value for key, value in entry.items()}
        )
        for entry in entries
    ]


def automated(case: Case) -> None:
    written = write_sync_policy(read_sync_policy({"automated": case["automated"]}))["automated"]
    for name, present in case["wantPresent"].items():
        assert (name in written) is present
    for name, value in case["wantValues"].items():
        assert written[name] is value


def dry_source(case: Case) -> None:
    dry = read_hydrator(case["hydrator"]).dry_source
    assert all(getattr(dry, name.lower()) is not None for name in case["wantNotNil"])
    assert all(getattr(dry, name.lower()) is None for name in case["wantNil"])


def values(case: Case) -> None:
    if case.get("expectError"):
        with pytest.raises(ValueError, match="values are"):
            values_text(case["inputValue"])
    else:
        assert values_text(case["inputValue"]) == case["expectValue"]


def glob_with_error(case: Case) -> None:
    if not case["expectedErr"]:
        assert compile_glob(case["pattern"])(case["input"]) == case["result"]
        return
    with pytest.raises(GlobError, match=case["expectedErr"]):
        compile_glob(case["pattern"])


def managed_by(case: Case) -> None:
    annotations = case["app"]["metadata"].get("annotations") or {}
    fault = managed_by_url_fault(annotations.get("argocd.argoproj.io/managed-by-url", ""))
    assert fault == (case.get("wantErrMsg") or "")


def equal(case: Case, read: Callable[[Any], Any]) -> None:
    assert (read(case["a"]) == read(case["b"])) == case["expected"]


def check(found: Any, wanted: Any) -> None:
    assert found == wanted


def helm_values(text: str) -> Any:
    import json

    return read_source({"repoURL": "", "helm": {"valuesObject": json.loads(text)}})


HANDLED: Mapping[str, Callable[[Case], None]] = {
    "TestApplicationSetCalculateHealth": appset_health,
    "TestRepository_Normalize": lambda c: check(repository(c["repo"]).effective_type, c["wantType"]),
    "TestAppProject_IsSourcePermitted": source_permitted,
    "TestAppProject_IsNegatedSourcePermitted": source_permitted,
    "TestAppProject_IsDestinationPermitted": destination_permitted,
    "TestAppProject_IsNegatedDestinationPermitted": destination_permitted,
    "TestAppProject_IsDestinationPermitted_PermitOnlyProjectScopedClusters": destination_permitted,
    "TestGlobMatch": lambda c: check(
        glob_match(c["pattern"], c["val"], negation=c["allowNegation"]), c["expected"]
    ),
    "TestAppSourceEquality_HelmValuesObject": lambda c: equal(c, helm_values),
    "TestAppSource_GetKubeVersionOrDefault": lambda c: check(
        read_source(c["source"]).kube_version_or("999.999.999"), c["expect"]
    ),
    "TestAppSource_GetAPIVersionsOrDefault": lambda c: check(
        read_source(c["source"]).api_versions_or(["v1", "v2"]), c["expect"]
    ),
    "TestAppSource_GetNamespaceOrDefault": lambda c: check(
        read_source(c["source"]).namespace_or("default"), c["expect"]
    ),
    "TestAppProjectSpec_DestinationClusters": lambda c: check(
        [place.server for place in project(destinations=c["destinations"]).destinations], c["want"]
    ),
    "TestRepository_HasCredentials": lambda c: check(repository(c["repo"]).has_credentials, c["want"]),
    "TestRepository_IsInsecure": lambda c: check(repository(c["repo"]).is_insecure, c["want"]),
    "TestRepository_IsLFSEnabled": lambda c: check(repository(c["repo"]).enable_lfs, c["want"]),
    "TestRepository_CopyCredentialsFromRepo": lambda c: copied(c, Repository.with_credentials_of_repository),
    "TestRepository_CopyCredentialsFrom": lambda c: copied(c, Repository.with_credentials_of),
    "TestRepository_CopySettingsFrom": settings_copied,
    "TestApplicationSource_IsZero": lambda c: check(
        c["source"] is None or read_source(c["source"]).is_zero, c["want"]
    ),
    "TestApplicationSourceHelm_IsZero": lambda c: zero(c, is_zero),
    "TestApplicationSourceKustomize_IsZero": lambda c: zero(c, is_zero),
    "TestApplicationSourceJsonnet_IsZero": lambda c: zero(c, is_zero),
    "TestApplicationSourceDirectory_IsZero": lambda c: zero(c, directory_is_zero),
    "TestApplicationSourcePlugin_IsZero": lambda c: zero(c, is_zero),
    "TestAppProject_EffectiveSourceIntegrity": lambda c: check(
        effective_source_integrity(project(**c["spec"])), c["expected"]
    ),
    "Test_isValidPolicyObject": lambda c: check(is_policy_object("some-project", c["policy"]), c["isValid"]),
    "TestIsValidAction": lambda c: check(is_action(c["action"]), c["want"]),
    "Test_validateGroupName": lambda c: check(group_fault(c["groupname"]) == "", c["isvalid"]),
    "TestApplicationSpec_GetSourcePtrByIndex": source_at,
    "TestAppProject_ValidateDestinationServiceAccount": service_account,
    "TestCluster_ParseProxyUrl": lambda c: check(proxy_fault(c["url"]) == "", not c["expectedErrMsg"]),
    "TestSourceHydrator_Equals": lambda c: equal(c, lambda value: value and read_hydrator(value)),
    "TestIgnoreDifferences_Equals": lambda c: equal(c, ignored),
    "TestSyncPolicyAutomatedSerialisation": automated,
    "TestGetDrySource_PreservesAllFields": dry_source,
    "TestValues_SetString": values,
    "Test_Match": lambda c: check(matches(c["pattern"], c["input"]), c["result"]),
    "Test_MatchWithError": glob_with_error,
    "TestNormalizeOCI": lambda c: check(normalize_oci(c["url"]), c["expected"]),
    "Test_GetWebURLRegex": lambda c: check(is_of_web_page(c["repo"], c["webURL"]), c["shouldMatch"]),
    "TestSanitizeRepoURL": lambda c: check(sanitized(c["in"]), c["want"]),
    "Test_ParseAppQualifiedName": lambda c: check(
        parse_qualified(c["input"], c["implicitNs"]), (c["appName"], c["appNs"])
    ),
    "Test_ParseAppInstanceName": lambda c: check(
        parse_instance(c["input"], c["implicitNs"]), (c["appName"], c["appNs"])
    ),
    "Test_AppInstanceName": lambda c: check(
        instance_name(c["appName"], c["appNamespace"], c["defaultNs"]), c["result"]
    ),
    "Test_AppInstanceNameFromQualified": lambda c: check(
        instance_of_qualified(c["appName"], c["defaultNs"]), c["result"]
    ),
    "TestValidateManagedByURL": managed_by,
}

_TYPES = "methods of Go's generated types: copies, pointers, protobuf's nil and empty, which plain values do not have"
_SYNC = "what becomes of a sync is holkas.gitops's; its own tables are in test_argocd_sync_tables"
_SERVER = "a nicety of the server's API and its users, which holkas does not have"
_ELSEWHERE = "judged with the part that needs it: rendering, ApplicationSets, comparison"
OTHERS: Mapping[str, str] = {
    "TestRoleGroupExists": _SERVER,
    "TestSyncStrategy_Force": _SYNC,
    "TestSyncOperation_IsApplyStrategy": _SYNC,
    "TestResourceResults_Find": _SYNC,
    "TestResourceResults_PruningRequired": _SYNC,
    "TestEnvEntry_IsZero": _TYPES,
    "TestEnv_Environ": _ELSEWHERE,
    "TestOptionalArrayEquality": _TYPES,
    "TestOptionalMapEquality": _TYPES,
    "TestSyncWindow_Hash": _SERVER,
    "Test_SemverTags": _ELSEWHERE,
    "Test_SemverTagsWithPrefix": _ELSEWHERE,
    "TestLsFilesForGitFileGeneratorGlobbingPatterns": _ELSEWHERE,
    "TestIsShortRef": _ELSEWHERE,
    "TestIncludeResource": _ELSEWHERE,
    "TestFilterByCluster": _SERVER,
    "TestGetAppEventLabels": _SERVER,
    "Test_GetSyncedRefSources": _ELSEWHERE,
    "TestLogResourceEvent_DifferentKinds_AllInArgocdNamespace": _SERVER,
}

ROWS = [row for name in FILES for row in rows("argocd", name)]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["test"] in HANDLED], ids=lambda row: f"{row['test']}-{row['index']}"
)
def test_answers_are_those_of_argo_cd(row: Case) -> None:
    HANDLED[row["test"]](row["case"])


def test_every_table_is_handled_or_has_a_reason() -> None:
    assert {row["test"] for row in ROWS} <= HANDLED.keys() | OTHERS.keys()
    assert not HANDLED.keys() & OTHERS.keys()
