"""What projects permit, beyond Argo CD's own tables; addresses and names."""

from __future__ import annotations

import pytest
from holkas.gitops.application_name import instance_name, parse_qualified
from holkas.gitops.project import check_application, is_group_kind_permitted, is_resource_permitted
from holkas.gitops.project.integrity import effective_source_integrity
from holkas.gitops.project.judgement import refusals
from holkas.gitops.project.sources import is_destination_permitted, is_namespace_permitted
from holkas.gitops.repository_url import (
    is_of_web_page,
    normalize_repository,
    same_repository,
    sanitized,
)
from holkas.model.application import Application, Destination
from holkas.model.application_source import ApplicationSource, SourceHydrator
from holkas.model.cluster import Cluster
from holkas.model.project import Project, ResourceRestriction
from holkas.model.resource import ResourceKey
from hypothesis import given
from hypothesis import strategies as st

HERE = Destination(server="https://kubernetes.default.svc", namespace="team")
EVERYTHING = ResourceRestriction(group="*", kind="*")


def restricted(group: str, kind: str, name: str = "") -> ResourceRestriction:
    return ResourceRestriction(group=group, kind=kind, name=name)


class TestKinds:
    def test_namespaced_kinds_are_permitted_unless_listed(self) -> None:
        project = Project(name="p", namespace_resource_blacklist=(restricted("", "ResourceQuota"),))
        assert is_group_kind_permitted(project, "apps", "Deployment", namespaced=True)
        assert not is_group_kind_permitted(project, "", "ResourceQuota", namespaced=True)

    def test_an_empty_list_permits_no_namespaced_kind(self) -> None:
        project = Project(name="p", namespace_resource_whitelist=())
        assert not is_group_kind_permitted(project, "apps", "Deployment", namespaced=True)

    def test_cluster_wide_kinds_are_refused_unless_listed(self) -> None:
        assert not is_group_kind_permitted(Project(name="p"), "", "Namespace", namespaced=False)
        project = Project(name="p", cluster_resource_whitelist=(EVERYTHING,))
        assert is_group_kind_permitted(project, "rbac.authorization.k8s.io", "ClusterRole", namespaced=False)

    def test_cluster_wide_resources_by_name(self) -> None:
        project = Project(name="p", cluster_resource_whitelist=(restricted("", "Namespace", "team-*"),))
        assert is_group_kind_permitted(project, "", "Namespace", namespaced=False, name="team-a")
        assert not is_group_kind_permitted(project, "", "Namespace", namespaced=False, name="kube-system")

    def test_a_resource_needs_a_permitted_namespace(self) -> None:
        project = Project(name="p", destinations=(HERE,))
        there = ResourceKey(group="apps", kind="Deployment", namespace="other", name="a")
        here = ResourceKey(group="apps", kind="Deployment", namespace="team", name="a")
        assert not is_resource_permitted(project, there, HERE)
        assert is_resource_permitted(project, here, HERE)
        wide = ResourceKey(kind="Namespace", name="team")
        assert not is_resource_permitted(project, wide, HERE)


@pytest.mark.parametrize(
    ("patterns", "namespace", "permitted"),
    [
        ((), "argocd", True),
        ((), "", True),
        ((), "team", False),
        (("team-*",), "team-a", True),
        (("*",), "anything", True),
        (("/^team-[ab]$/",), "team-b", True),
        (("/^team-[ab]$/",), "team-c", False),
        (("/(/",), "(", False),
    ],
)
def test_namespaces_of_applications(patterns: tuple[str, ...], namespace: str, permitted: bool) -> None:
    assert is_namespace_permitted(Project(name="p", source_namespaces=patterns), namespace) is permitted


class TestRefusals:
    project = Project(name="p", source_repositories=("https://example.com/*",), destinations=(HERE,))

    def application(self, repository: str, place: Destination = HERE) -> Application:
        return Application(name="a", sources=(ApplicationSource(repository=repository),), destination=place)

    def test_each_reason_has_its_own_entry(self) -> None:
        application = self.application(
            "https://u:p@evil.example/x", Destination(name="prod", namespace="team")
        )
        found = check_application(self.project, application)
        assert [refusal.subject for refusal in found] == ["source", "destination"]
        assert found[0].message == "application repo https://evil.example/x is not permitted in project 'p'"
        assert {refusal.type for refusal in found} == {"InvalidSpecError"}

    def test_a_hydrator_is_judged_by_its_dry_source(self) -> None:
        dry = ApplicationSource(repository="https://evil.example/x")
        hydrator = SourceHydrator(dry_source=dry, sync_branch="env", sync_path="a")
        application = Application(name="a", hydrator=hydrator, destination=HERE)
        assert [refusal.subject for refusal in check_application(self.project, application)] == ["source"]

    def test_clusters_tell_names_and_servers(self) -> None:
        application = self.application("https://example.com/x", Destination(name="prod", namespace="team"))
        assert refusals(self.project, application) == []  # nobody knows whether prod is that server
        known = Cluster(name="prod", server="https://elsewhere")
        assert [refusal.subject for refusal in refusals(self.project, application, [known])] == [
            "destination"
        ]
        same = Cluster(name="prod", server="https://kubernetes.default.svc")
        assert refusals(self.project, application, [same]) == []


def test_signatures_that_are_demanded() -> None:
    assert effective_source_integrity(Project(name="p")) is None
    old = effective_source_integrity(Project(name="p", signature_keys=("A", "B")))
    assert old is not None
    assert old["git"]["policies"][0]["gpg"] == {"mode": "head", "keys": ["A", "B"]}
    new = {"git": {"policies": []}}
    assert effective_source_integrity(Project(name="p", signature_keys=("A",), source_integrity=new)) == new


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Example.com/a.git", "https://example.com/A", True),
        ("git@example.com:a/b.git", "ssh://git@example.com/a/b", True),
        ("https://example.com/a", "git@example.com:a", False),
        (" https://example.com/a ", "https://example.com/a", True),
    ],
)
def test_addresses_that_mean_the_same(one: str, other: str, same: bool) -> None:
    assert same_repository(one, other) is same


@pytest.mark.parametrize(
    ("url", "malformed"),
    [
        ("https://example.com/a", False),
        ("example.com/a:b", False),
        ("", False),
        ("https://example.com:port/a", True),
        ("https://[::1/a", True),
        ("https://[::1]:80/a", False),
        ("1a:b", True),
        ("https://example.com/%zz", True),
        ("https://exa mple.com", True),
        ("a\nb", True),
    ],
)
def test_addresses_that_cannot_be_read(url: str, malformed: bool) -> None:
    assert (normalize_repository(url) == "") is (malformed or not url)


def test_pages_of_servers_that_are_none() -> None:
    assert not is_of_web_page("https://example.com/a", "://")
    assert not is_of_web_page("https://example.com/a", "/a")


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert isinstance(normalize_repository(text), str)
    assert isinstance(sanitized(text), str)
    assert is_of_web_page(text, text) in (True, False)


def test_names_with_namespaces() -> None:
    assert parse_qualified("web", "argocd") == ("web", "argocd")
    assert parse_qualified("team/web", "argocd") == ("web", "team")
    assert instance_name("web", "team", "argocd") == "team_web"


def test_a_denied_namespace_is_one_of_servers_only() -> None:
    """As Argo CD has it: a rule that names its cluster by name denies no namespace."""
    everywhere = Destination(server="*", namespace="*")
    place = Destination(server="https://prod", name="prod", namespace="kube-system")
    for rule, permitted in (
        (Destination(server="https://prod", namespace="!kube-*"), False),
        (Destination(name="prod", namespace="!kube-*"), True),
    ):
        assert (
            is_destination_permitted(Project(name="p", destinations=(everywhere, rule)), place) is permitted
        )
