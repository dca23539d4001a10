"""What is read is written back the same: nothing is lost, nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.argocd.config.cluster import read_cluster
from holkas_compat.argocd.config.repository import read_repository
from holkas_compat.argocd.declared import declare
from holkas_compat.argocd.reader import read_application, read_project
from holkas_compat.argocd.schema.kinds import KINDS, REQUIRED
from holkas_compat.argocd.writer import write_application, write_project
from holkas_compat.manifest.types import (
    ListOf,
    MapOf,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    resolved,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.argocd_documents import APPLICATION, APPLICATION_SET, PROJECT, documents

TEXT = st.sampled_from(["a", "prod", "https://example.com/x.git", "*", "1h", "team-*"])
ONE_OF: dict[str, tuple[str, ...]] = {"v1alpha1.ApplicationSpec": ("source", "sources")}
"""Fields of which one is ignored beside the other."""


def values(type_: Type) -> st.SearchStrategy[Any]:
    """Values of a type as people write them: nothing that is empty, since empty is unsaid."""
    type_ = resolved(type_)
    if isinstance(type_, Struct):
        return structs(type_)
    if isinstance(type_, ListOf):
        return st.lists(values(type_.item), min_size=1, max_size=2)
    if isinstance(type_, MapOf):
        return st.dictionaries(TEXT, values(type_.value), min_size=1, max_size=2)
    assert isinstance(type_, Scalar)
    simple: dict[ScalarKind, st.SearchStrategy[Any]] = {
        ScalarKind.BOOL: st.just(True),
        ScalarKind.INT64: st.integers(1, 9),
        ScalarKind.INT_OR_STRING: st.integers(1, 9),
        ScalarKind.TIME: st.just("2026-01-02T03:04:05Z"),
    }
    return simple.get(type_.kind, TEXT)


@st.composite
def structs(draw: st.DrawFn, table: Struct) -> dict[str, Any]:
    required = set(REQUIRED.get(table.name, ()))
    left_out = draw(st.sampled_from(ONE_OF.get(table.name, ("",))))
    names = [name for name in table.fields if name != left_out]
    chosen = required | draw(st.sets(st.sampled_from(names), max_size=6))
    return {name: draw(values(table.fields[name].type)) for name in names if name in chosen}


@st.composite
def manifests(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    made = draw(structs(KINDS[kind]))
    made |= {"apiVersion": "argoproj.io/v1alpha1", "kind": kind}
    made["metadata"] = {**made.get("metadata", {}), "name": "a"}
    return {name: made[name] for name in KINDS[kind].fields if name in made}


@given(manifests("Application"))
def test_an_application_comes_back(manifest: dict[str, Any]) -> None:
    assert write_application(read_application(manifest)) == manifest


@given(manifests("AppProject"))
def test_a_project_comes_back(manifest: dict[str, Any]) -> None:
    for token in manifest["spec"].get("roles", []):
        token.setdefault("name", "a")
    assert write_project(read_project(manifest)) == manifest


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"automated": {}},
        {"automated": {"prune": False, "enabled": False}},
        {"retry": {"limit": 0}},
        {
            "retry": {
                "limit": -1,
                "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
                "refresh": True,
            }
        },
    ],
)
def test_what_was_said_of_the_policy_stays_said(policy: dict[str, Any]) -> None:
    manifest = {**APPLICATION, "spec": {**APPLICATION["spec"], "syncPolicy": policy}}
    assert write_application(read_application(manifest)) == manifest


def test_no_list_differs_from_an_empty_one() -> None:
    empty = {**PROJECT, "spec": {**PROJECT["spec"], "namespaceResourceWhitelist": []}}
    assert read_project(PROJECT).namespace_resource_whitelist is None
    assert read_project(empty).namespace_resource_whitelist == ()
    assert write_project(read_project(empty)) == empty


def test_an_application_answers_what_others_ask() -> None:
    application = read_application(APPLICATION)
    assert application.project_name == "default"
    assert application.revision_history_limit == 10
    assert not application.policy.is_automatic
    assert application.effective_sources == application.sources
    assert application.source_at(5) == application.sources[0]
    assert read_application({}).source_at(0) is None
    assert read_application({}).project_name == "default"


def test_an_automatic_policy_answers_what_others_ask() -> None:
    automated = {"automated": {"prune": True, "selfHeal": True, "allowEmpty": True}}
    spec = {**APPLICATION["spec"], "syncPolicy": automated, "revisionHistoryLimit": 0}
    application = read_application({**APPLICATION, "spec": spec})
    policy = application.policy
    assert (policy.is_automatic, policy.prunes, policy.heals, policy.allows_empty) == (True, True, True, True)
    assert application.revision_history_limit == 0


def test_a_hydrated_application_is_synced_from_its_branch() -> None:
    hydrator = {
        "drySource": {"repoURL": "https://example.com/dry", "path": "a", "targetRevision": "main"},
        "syncSource": {"targetBranch": "env/prod", "path": "out"},
    }
    spec = {"project": "default", "destination": {"name": "prod"}, "sourceHydrator": hydrator}
    application = read_application({**APPLICATION, "spec": spec})
    (source,) = application.effective_sources
    assert (source.repository, source.path, source.revision) == ("https://example.com/dry", "out", "env/prod")
    assert application.hydrator is not None
    assert application.hydrator.hydrate_source().revision == "env/prod"
    assert write_application(application)["spec"] == spec


def test_secrets_of_repositories_are_not_shown() -> None:
    document = {
        "kind": "Secret",
        "stringData": {"url": "x", "password": "hush", "type": "helm", "depth": "1"},
    }
    repository = read_repository(document)
    assert (repository.effective_type, repository.has_credentials) == ("helm", True)
    assert "hush" not in repr(repository)


def test_credentials_and_settings_come_from_another_repository() -> None:
    own = read_repository({"kind": "Secret", "stringData": {"url": "https://a/x", "username": "me"}})
    data = {
        "url": "https://a",
        "username": "you",
        "password": "hush",
        "insecure": "true",
        "proxy": "http://p",
    }
    other = read_repository({"kind": "Secret", "stringData": data})
    filled = own.with_credentials_of(other)
    assert (filled.url, filled.username, filled.password) == ("https://a/x", "me", other.password)
    assert (filled.proxy, filled.insecure) == ("http://p", False)
    assert own.with_settings_of(other).insecure
    assert own.with_settings_of(None) is own


def test_credentials_of_azure_and_of_another_repository() -> None:
    data = {"url": "u", "azureServicePrincipalClientSecret": "hush", "azureServicePrincipalTenantId": "t"}
    azure = read_repository({"kind": "Secret", "stringData": {**data, "proxy": "p", "enableOCI": "true"}})
    assert azure.has_credentials and not azure.is_insecure
    own = read_repository({"kind": "Secret", "stringData": {"url": "x", "insecureOCIForceHttp": "true"}})
    assert own.is_insecure and not own.has_credentials
    filled = own.with_credentials_of_repository(azure)
    assert (filled.azure_tenant_id, filled.azure_client_secret) == ("t", azure.azure_client_secret)
    assert (filled.proxy, filled.enable_oci, filled.insecure_oci_force_http) == ("", False, False)
    assert own.with_credentials_of(azure).enable_oci


def test_a_cluster_of_a_secret() -> None:
    data = {
        "name": "prod",
        "server": "https://prod/",
        "namespaces": "a, b",
        "shard": "3",
        "clusterResources": "true",
    }
    labels = {"env": "prod", "bad": 1}
    found = read_cluster({"kind": "Secret", "metadata": {"labels": labels}, "stringData": data})
    assert (found.server, found.namespaces, found.shard) == ("https://prod", ("a", "b"), 3)
    assert (found.cluster_resources, found.labels) == (True, {"env": "prod"})


def test_what_documents_declare() -> None:
    broken = {**APPLICATION, "metadata": {"name": "b"}, "spec": {}}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "r", "labels": {"argocd.argoproj.io/secret-type": "repo-creds"}},
        "stringData": {"url": "https://example.com"},
    }
    declared = declare(documents([APPLICATION, PROJECT, APPLICATION_SET, broken, secret, {"kind": "Other"}]))
    assert [item.application.name for item in declared.applications] == ["guestbook"]
    assert declared.applications[0].document.index == 0
    assert [project.name for project in declared.projects] == ["team"]
    assert [repository.url for repository in declared.repositories] == ["https://example.com"]
    assert {finding.code for finding in declared.findings} == {"A016"}
