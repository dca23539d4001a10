"""Documents of Argo CD judged together, and habits."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from holkas.model.finding import Severity
from holkas.yaml import Source, load_documents
from holkas.yaml.dumper import dump
from holkas_compat.argocd.importer import ArgoCdImporter

from tests.argocd_documents import APPLICATION, APPLICATION_SET, PROJECT, changed, codes, lint


def application(name: str, **changes: Any) -> dict[str, Any]:
    made = changed(APPLICATION, "metadata.name", name)
    for path, value in changes.items():
        made = changed(made, path.replace("__", "."), value)
    return made


def files(**values: Any) -> list[str]:
    documents = [
        document
        for name, value in values.items()
        for document in load_documents(Source(name.replace("__", "/") + ".yaml", dump(value).encode()))
    ]
    return [finding.code for finding in ArgoCdImporter().lint(documents)]


def cluster(name: str, server: str, project: str = "") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"c-{name}", "labels": {"argocd.argoproj.io/secret-type": "cluster"}},
        "stringData": {"name": name, "server": server, "config": "{}", "project": project},
    }


def test_one_name_twice() -> None:
    first, second = application("a"), application("a", spec__source__path="other")
    (finding,) = lint(first, second)
    assert (finding.code, finding.place.document) == ("A501", 1)
    assert codes(first, changed(second, "metadata.namespace", "team")) == []


class TestPermission:
    team = application("a", spec__project="team", spec__destination__namespace="team-a")

    def test_what_the_project_permits(self) -> None:
        assert codes(PROJECT, self.team) == []

    @pytest.mark.parametrize(
        ("path", "value", "place"),
        [
            ("spec.source.repoURL", "https://evil.example/x", ("spec", "source", "repoURL")),
            ("spec.destination.namespace", "kube-system", ("spec", "destination")),
            ("metadata.namespace", "elsewhere", ("metadata", "namespace")),
        ],
    )
    def test_what_it_does_not_permit(self, path: str, value: str, place: tuple[str, ...]) -> None:
        (finding,) = lint(PROJECT, changed(self.team, path, value))
        assert (finding.code, finding.place.path, finding.severity) == ("A502", place, Severity.ERROR)

    def test_sources_are_told_one_by_one(self) -> None:
        sources = [
            {"repoURL": "https://example.com/a", "path": "a"},
            {"repoURL": "https://evil.example", "path": "b"},
        ]
        several = changed(changed(self.team, "spec.source", ...), "spec.sources", sources)
        (finding,) = lint(PROJECT, several)
        assert finding.place.path == ("spec", "sources", 1, "repoURL")

    def test_a_password_in_an_address_is_not_shown(self) -> None:
        (finding,) = lint(
            PROJECT, changed(self.team, "spec.source.repoURL", "https://me:secret@evil.example/x")
        )
        assert "secret" not in finding.message

    def test_the_clusters_own_name_is_its_server(self) -> None:
        named = changed(self.team, "spec.destination", {"name": "in-cluster", "namespace": "team-a"})
        assert codes(PROJECT, named) == []

    def test_a_cluster_that_nobody_tells_of_is_not_judged(self) -> None:
        named = changed(self.team, "spec.destination", {"name": "prod", "namespace": "team-a"})
        assert codes(PROJECT, named) == []
        assert codes(PROJECT, named, cluster("prod", "https://prod.example")) == ["A502"]

    def test_clusters_of_the_project_only(self) -> None:
        strict = changed(PROJECT, "spec.permitOnlyProjectScopedClusters", True)
        strict = changed(strict, "spec.destinations", [{"server": "*", "namespace": "*"}])
        there = changed(self.team, "spec.destination", {"server": "https://prod.example", "namespace": "x"})
        assert codes(strict, there, cluster("prod", "https://prod.example", "team")) == []
        assert codes(strict, there, cluster("prod", "https://prod.example", "other")) == ["A502"]

    def test_a_project_of_nearly_that_name(self) -> None:
        assert codes(PROJECT, changed(self.team, "spec.project", "taem")) == ["A505"]
        assert codes(PROJECT, changed(self.team, "spec.project", "platform")) == []


class TestOverlap:
    def test_one_place_kept_twice(self) -> None:
        kustomized = {"kustomize": {"namePrefix": "x-"}, **APPLICATION["spec"]["source"]}
        first, second = (application(name, spec__source=kustomized) for name in "ab")
        (finding,) = lint(first, second)
        assert (finding.code, finding.severity) == ("A503", Severity.WARNING)
        other = changed(second, "spec.source.repoURL", "git@example.com:apps")
        assert codes(first, other) == []

    def test_a_path_that_may_be_a_chart_is_a_habit(self) -> None:
        (finding,) = lint(
            application("a"), application("b", spec__source__repoURL="https://EXAMPLE.com/apps")
        )
        assert (finding.code, finding.severity) == ("A503", Severity.HABIT)

    def test_what_is_not_the_same(self) -> None:
        one = application("a")
        assert codes(one, application("b", spec__destination__namespace="other")) == []
        assert codes(one, application("b", spec__source__path="other")) == []
        chart = {"repoURL": "https://charts", "chart": "a", "targetRevision": "1"}
        assert codes(application("a", spec__source=chart), application("b", spec__source=chart)) == []
        helm = {**one["spec"]["source"], "helm": {"releaseName": "x"}}
        assert codes(application("a", spec__source=helm), application("b", spec__source=helm)) == []


class TestCycles:
    def test_an_application_that_manages_itself(self) -> None:
        assert files(apps__root=application("root", spec__source__path="apps")) == ["A504"]
        assert files(apps__root=application("root", spec__source__path="apps/web")) == []

    def test_applications_that_manage_each_other(self) -> None:
        first = application("first", spec__source__path="two")
        second = application("second", spec__source__path="one")
        assert files(one__first=first, two__second=second) == ["A504", "A504"]
        elsewhere = changed(second, "spec.source.repoURL", "https://example.com/others.git")
        assert files(one__first=first, two__second=elsewhere) == []

    def test_only_what_the_directory_takes(self) -> None:
        deep = application("root", spec__source__path="apps")
        assert files(apps__deep__root=deep) == []
        assert files(apps__deep__root=changed(deep, "spec.source.directory", {"recurse": True})) == ["A504"]
        some = {"recurse": True, "include": "*.json"}
        assert files(apps__deep__root=changed(deep, "spec.source.directory", some)) == []
        assert files(apps__root=changed(deep, "spec.source.kustomize", {"namePrefix": "a"})) == []
        assert files(apps__root=changed(deep, "spec.source.path", ".")) == []


class TestPolicy:
    def test_an_empty_source_may_delete_everything(self) -> None:
        automated = {"automated": {"prune": True, "allowEmpty": True}}
        assert codes(changed(APPLICATION, "spec.syncPolicy", automated)) == ["A601"]
        assert codes(changed(APPLICATION_SET, "spec.template.spec.syncPolicy", automated)) == ["A601"]
        off = {"automated": {"prune": True, "allowEmpty": True, "enabled": False}}
        assert codes(changed(APPLICATION, "spec.syncPolicy", off)) == []

    def test_options_that_exclude_each_other(self) -> None:
        def options(*values: str) -> list[str]:
            return codes(changed(APPLICATION, "spec.syncPolicy", {"syncOptions": list(values)}))

        assert options("Prune=false", "Prune=true") == ["A602"]
        assert options("ServerSideApply=true", "Replace=true") == ["A602"]
        assert options("ServerSideApply=true", "Replace=false", "Prune=false", "Prune=false") == []


class TestProduction:
    prod = application("web-prod", spec__syncPolicy={"automated": {}}, spec__source__targetRevision="HEAD")

    def test_a_branch_goes_live(self) -> None:
        assert codes(self.prod) == ["A801"]
        assert codes(changed(self.prod, "spec.source.targetRevision", "refs/heads/release")) == ["A801"]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("spec.source.targetRevision", "v1.2.3"),
            ("spec.source.targetRevision", "env/production"),
            ("metadata.name", "web-nonprod"),
            ("metadata.name", "web-pre-prod"),
            ("metadata.name", "product"),
            ("spec.syncPolicy", {}),
            ("spec.syncPolicy", {"automated": {"enabled": False}}),
        ],
    )
    def test_what_is_fine(self, path: str, value: Any) -> None:
        assert codes(changed(self.prod, path, value)) == []

    def test_a_label_says_what_it_is(self) -> None:
        labelled = changed(
            changed(self.prod, "metadata.name", "web"), "metadata.labels", {"env": "production"}
        )
        assert codes(labelled) == ["A801"]

    def test_a_range_of_versions(self) -> None:
        chart = {"repoURL": "https://charts", "chart": "web", "targetRevision": "1.*"}
        assert codes(changed(self.prod, "spec.source", chart)) == ["A802"]
        assert codes(changed(self.prod, "spec.source", {**chart, "targetRevision": "1.2.3"})) == []


def test_a_project_that_is_no_boundary() -> None:
    spec = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    }
    assert codes(changed(PROJECT, "spec", spec)) == ["A803"]
    assert codes(changed(changed(PROJECT, "spec", spec), "metadata.name", "default")) == []
    assert codes(changed(PROJECT, "spec", {**spec, "sourceRepos": ["*", "!https://evil.example/*"]})) == []


class TestConfiguration:
    def test_repositories(self) -> None:
        def repository(**data: str) -> list[str]:
            labels = {"argocd.argoproj.io/secret-type": "repository"}
            return codes(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"name": "r", "labels": labels},
                    "data": {key: base64.b64encode(value.encode()).decode() for key, value in data.items()},
                }
            )

        assert repository(url="https://example.com/a", type="git", enableLfs="true") == []
        assert repository() == ["A402"]
        assert repository(url="x", type="svn") == ["A403"]
        assert repository(url="x", insecure="yes") == ["A403"]
        assert repository(url="x", usernme="me") == ["A404"]
        assert repository(url="x", githubAppPrivateKey="k") == ["A402"]

    def test_clusters(self) -> None:
        good = cluster("prod", "https://prod.example")
        assert codes(good) == []
        assert codes(changed(good, "stringData.config", "{")) == ["A403"]
        assert codes(changed(good, "stringData.config", '{"proxyUrl": "ftp://x"}')) == ["A403"]
        assert codes(changed(good, "stringData.config", "[]")) == ["A403"]
        assert codes(changed(good, "stringData.server", ...)) == ["A402"]
        assert codes(changed(good, "stringData.name", ...)) == ["A402"]
        assert codes(changed(good, "stringData.shard", "one")) == ["A403"]
        assert codes(changed(good, "metadata.labels", {"argocd.argoproj.io/secret-type": "clusters"})) == [
            "A401"
        ]

    def test_settings(self) -> None:
        def settings(**data: str) -> list[str]:
            metadata = {"name": "argocd-cm"}
            named = {key.replace("__", "."): value for key, value in data.items()}
            return codes({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": named})

        assert settings(application__resourceTrackingMethod="annotation") == []
        assert settings(application__resourceTrackingMethod="labels") == ["A405"]
        assert settings(timeout__reconciliation="3m") == []
        assert settings(timeout__reconciliation="3 minutes") == ["A405"]
        assert settings(resource__exclusions="- a: [") == ["A405"]
        assert settings(resource__customizations__health__apps_Deployment="hs = {}") == []
        assert settings(resource__customizations__healthy__apps_Deployment="hs = {}") == ["A405"]
        assert settings(resource__customizations__actions__apps_Deployment="a: [") == ["A405"]
        assert settings(resource__customizations__useOpenLibs__apps_Deployment="yes") == ["A405"]

    def test_others_are_left_alone(self) -> None:
        assert codes({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}) == []
        assert codes({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-rbac-cm"}}) == []


def test_annotations_of_any_resource() -> None:
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate"}}
    good = {
        "argocd.argoproj.io/hook": "PreSync",
        "argocd.argoproj.io/sync-wave": "-1",
        "helm.sh/hook": "whatever",
    }
    assert codes(job, changed(job, "metadata.annotations", good)) == []
    bad = {"argocd.argoproj.io/hook": "Presync", "argocd.argoproj.io/sync-wave": "first"}
    document = changed(job, "metadata.annotations", bad)
    assert codes(document, document) == ["A131", "A131"] * 2
    (hook, _) = lint(document)
    assert hook.hint == "did you mean `PreSync`?"
