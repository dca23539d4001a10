"""``scmProvider``: an organisation's repositories, through a version control that can list them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from holkas.extensions.application_set import GenerationWish
from holkas.model.hosted_repository import HostedRepository
from holkas.model.revision import Revision
from holkas.roles.errors import AccessDenied
from holkas.testing.fakes.version_control import FakeVersionControl
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.organisation import listed, owner_url
from holkas_compat.argocd.applicationset.outside import PluginsOutside
from holkas_compat.argocd.applicationset.substitution import Substitution
from holkas_compat.argocd.applicationset.transform import transform
from holkas_compat.argocd.applicationset.world import World

ORG = "https://github.com/org"
GITHUB = {"github": {"organization": "org"}}


class Forge(FakeVersionControl):
    """Repositories in memory; notes what it is asked, and says the number of a repository."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, ...]] = []

    def repositories(self, owner: str, *, nested: bool = False) -> list[HostedRepository]:
        self.asked.append(("repositories", owner))
        return [
            replace(one, id=number) for number, one in enumerate(super().repositories(owner, nested=nested))
        ]

    def branches(self, repository: str) -> Any:
        self.asked.append(("branches", repository))
        return super().branches(repository)

    def has_path(self, revision: Revision, path: str) -> bool:
        self.asked.append(("path", revision.repository, revision.ref, path))
        return super().has_path(revision, path)


class Plugins:
    """One version control."""

    def __init__(self, tool: Any, *capabilities: str) -> None:
        self.tool, self.capabilities = tool, frozenset(capabilities)

    def providers(self, hook: str) -> Any:
        return [SimpleNamespace(name="forge", capabilities=self.capabilities)]

    def make(self, hook: str, name: str, options: Any = None) -> Any:
        return self.tool


@pytest.fixture
def forge() -> Forge:
    tool = Forge()
    tool.create(f"{ORG}/api.git", labels=("go", "deploy-ok"))
    tool.create(f"{ORG}/old.git", archived=True)
    tool.create(f"{ORG}/empty.git")
    for name, path in (("api", "deploy/app.yaml"), ("old", "x")):
        tool.commit(f"{ORG}/{name}.git", "main", {path: b"1"}, "First")
    tool.commit(f"{ORG}/api.git", "Feature/1", {"skip": b""}, "Branch")
    return tool


def told(tool: Forge, config: dict[str, Any]) -> list[str]:
    return [f"{one.organization}/{one.repository}@{one.branch}" for one in listed(tool, "github", config)]


def generated(tool: Any, config: dict[str, Any], *, go: bool, capability: str = "repositories") -> Any:
    plugins: Any = Plugins(tool, capability)
    world = World(outside=PluginsOutside(GenerationWish(plugins=plugins)))
    found = transform({"scmProvider": config}, {}, world=world, how=Substitution(go), name="set")
    return [one for each in found for one in each.params]


@pytest.mark.parametrize("go", [True, False])
def test_a_branch_has_the_originals_parameters(forge: Forge, go: bool) -> None:
    sha = forge.resolve(f"{ORG}/api.git", "Feature/1").id
    values = {"name": "{{ .organization }}-{{ .repository }}" if go else "{{organization}}-{{repository}}"}
    config = {
        "github": {"organization": "org", "allBranches": True},
        "filters": [{"branchMatch": "^Feat", "labelMatch": "ok$"}],
        "values": values,
    }
    (made,) = generated(forge, config, go=go)
    added = made.pop("values")["name"] if go else made.pop("values.name")
    assert added == "org-api"
    assert made == {
        "organization": "org",
        "repository": "api",
        "repository_id": 0,
        "url": "git@github.com:org/api.git",
        "branch": "Feature/1",
        "branchNormalized": "feature-1",
        "sha": sha,
        "short_sha": sha[:8],
        "short_sha_7": sha[:7],
        "labels": "go,deploy-ok",
    }


def test_the_default_branch_alone_unless_all_are_wanted(forge: Forge) -> None:
    assert told(forge, GITHUB) == ["org/api@main", "org/old@main"]
    everything = {"github": {"organization": "org", "allBranches": True, "excludeArchivedRepos": True}}
    assert told(forge, everything) == ["org/api@Feature/1", "org/api@main"]


def test_only_what_filters_need_is_asked(forge: Forge) -> None:
    filters = [{"repositoryMatch": "^api$", "branchMatch": "main", "pathsExist": ["deploy/", "none"]}]
    config = {"github": {"organization": "org", "allBranches": True}, "filters": filters}
    assert generated(forge, config, go=True) == []
    assert forge.asked == [
        ("repositories", ORG),
        ("branches", f"{ORG}/api.git"),
        ("path", f"{ORG}/api.git", "main", "deploy"),
        ("path", f"{ORG}/api.git", "main", "none"),
    ]
    without = {**config, "filters": [{"pathsDoNotExist": ["skip", "x"]}]}
    assert [one["branch"] for one in generated(forge, without, go=True)] == ["main"]


@pytest.mark.parametrize(
    ("protocol", "url"),
    [("", "git@github.com:org/api.git"), ("ssh", "git@github.com:org/api.git"), ("https", f"{ORG}/api.git")],
)
def test_the_protocol_is_chosen(forge: Forge, protocol: str, url: str) -> None:
    assert listed(forge, "github", {**GITHUB, "cloneProtocol": protocol})[0].url == url


def test_an_unknown_protocol_is_refused(forge: Forge) -> None:
    with pytest.raises(GenerationError, match="unknown clone protocol for GitHub ftp"):
        listed(forge, "github", {**GITHUB, "cloneProtocol": "ftp"})


def test_groups_have_subgroups_topics_and_shared_projects() -> None:
    class Gitlab(Forge):
        def repositories(self, owner: str, *, nested: bool = False) -> list[HostedRepository]:
            shared = HostedRepository(
                url=f"{GROUP}/own.git", owner="else/where", name="shared", default_branch="main"
            )
            return [*super().repositories(owner, nested=nested), shared]

    GROUP = "https://git.example/a/b"
    tool = Gitlab()
    for url in (f"{GROUP}/own.git", f"{GROUP}/sub/deep.git"):
        tool.commit(tool.create(url, labels=("t",)), "main", {"x": b""}, "First")
    tool.commit(tool.create(f"{GROUP}/old.git", archived=True), "main", {"x": b""}, "First")

    def names(**settings: Any) -> list[str]:
        settings = {"group": "a/b", "api": "https://git.example/api/v4/", **settings}
        return [
            f"{one.organization}:{one.repository}" for one in listed(tool, "gitlab", {"gitlab": settings})
        ]

    assert names() == ["a/b:own", "else/where:shared"]
    assert names(includeSharedProjects=False, includeArchivedRepos=True) == ["a/b:old", "a/b:own"]
    assert names(includeSubgroups=True, topic="t") == ["a/b:own", "a/b/sub:deep"]


@pytest.mark.parametrize(
    ("provider", "settings", "url"),
    [
        ("github", {"organization": "o", "api": "https://git.example/api/v3/"}, "https://git.example/o"),
        ("gitlab", {"group": "a/b"}, "https://gitlab.com/a/b"),
        ("gitea", {"owner": "o", "api": "https://t.example/"}, "https://t.example/o"),
        ("bitbucketServer", {"project": "P", "api": "https://b"}, "https://b/projects/P"),
        ("bitbucket", {"owner": "o"}, "https://bitbucket.org/o"),
        ("azureDevOps", {"organization": "o", "teamProject": "p"}, "https://dev.azure.com/o/p"),
    ],
)
def test_an_owner_has_a_url(provider: str, settings: dict[str, Any], url: str) -> None:
    assert owner_url(provider, settings) == url


def test_an_owner_and_an_address_must_be_named() -> None:
    with pytest.raises(GenerationError, match="azureDevOps needs organization and teamProject"):
        owner_url("azureDevOps", {"organization": "o"})
    for api in ("", "--upload-pack=x", "file:///etc"):
        with pytest.raises(GenerationError, match="gitea needs api"):
            owner_url("gitea", {"owner": "o", "api": api})


def test_azure_has_one_url_and_the_configured_organisation() -> None:
    tool = Forge()
    url = "https://dev.azure.com/o/p/web"
    tool.commit(tool.create(url), "main", {"x": b""}, "First")
    config = {"azureDevOps": {"organization": "o", "teamProject": "p"}, "cloneProtocol": "any"}
    (one,) = listed(tool, "azureDevOps", config)
    assert (one.organization, one.repository, one.url) == ("o", "web", url)


def test_what_the_forge_refuses_is_told_once(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GenerationError, match="error listing repos: there is no owner") as caught:
        listed(forge, "github", {"github": {"organization": "nobody"}})
    assert caught.value.code == "A904"

    def closed(revision: Revision, path: str) -> bool:
        raise AccessDenied("the forge says no", hint="log in")

    monkeypatch.setattr(forge, "has_path", closed)
    with pytest.raises(GenerationError, match="error listing repos: the forge says no") as caught:
        generated(forge, {**GITHUB, "filters": [{"pathsExist": ["x"]}]}, go=True)
    assert caught.value.hint == "log in"


def test_without_a_plugin_that_lists_them_one_sentence_says_so(forge: Forge) -> None:
    with pytest.raises(GenerationError, match="no version control that lists the repositories of github"):
        generated(forge, GITHUB, go=True, capability="pull-requests")
    with pytest.raises(GenerationError, match="repositories of awsCodeCommit") as caught:
        generated(forge, {"awsCodeCommit": {"region": "x"}}, go=True)
    assert caught.value.code == "A904"


def test_a_default_branch_that_is_not_there_is_none(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = HostedRepository(url=f"{ORG}/api.git", owner="org", name="api", default_branch="lost")
    monkeypatch.setattr(forge, "repositories", lambda owner, *, nested=False: [lost])
    assert told(forge, GITHUB) == []
    assert len(told(forge, {"github": {"organization": "org", "allBranches": True}})) == 2
