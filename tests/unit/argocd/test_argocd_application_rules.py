"""Applications that Argo CD refuses, or that do not do what they look like."""

from __future__ import annotations

from typing import Any

import pytest

from tests.argocd_documents import APPLICATION, changed, codes, lint

REPO = "https://example.com/apps.git"
GIT = {"repoURL": REPO, "path": "a"}


def sources(*entries: dict[str, Any]) -> dict[str, Any]:
    return changed(changed(APPLICATION, "spec.source", ...), "spec.sources", list(entries))


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("metadata", {}, "A101"),
        ("metadata.name", "Guest_Book", "A101"),
        ("metadata.name", "a" * 254, "A101"),
        ("metadata.finalizers", ["resources-finalizer.argocd.argoproj.o"], "A102"),
        ("spec.source", ..., "A103"),
        ("spec.source.path", ..., "A104"),
        ("spec.source.repoURL", "", "A104"),
        ("spec.source", {"repoURL": REPO, "chart": "nginx"}, "A105"),
        ("spec.source", {**GIT, "helm": {"releaseName": "a"}, "kustomize": {"namePrefix": "a"}}, "A106"),
        ("spec.source", {**GIT, "plugin": {}, "directory": {"include": "*"}}, "A106"),
        ("spec.sources", [GIT], "A107"),
        ("spec.destination.name", "prod", "A110"),
        ("spec.destination", {"namespace": "a"}, "A111"),
        ("spec.syncPolicy", {"retry": {"backoff": {"duration": "1d"}}}, "A112"),
        ("spec.syncPolicy", {"retry": {"backoff": {"maxDuration": "soon"}}}, "A112"),
        ("operation", {"retry": {"backoff": {"duration": "x"}}}, "A112"),
        ("spec.syncPolicy", {"syncOptions": ["CreateNamespaces=true"]}, "A113"),
        ("operation", {"sync": {"syncOptions": ["Nonsense"]}}, "A113"),
        ("spec.syncPolicy", {"syncOptions": ["Prune=False"]}, "A114"),
        ("spec.syncPolicy", {"syncOptions": ["ServerSideApply"]}, "A114"),
        ("spec.syncPolicy", {"managedNamespaceMetadata": {"labels": {"a": "b"}}}, "A115"),
        ("spec.revisionHistoryLimit", -1, "A116"),
        ("spec.ignoreDifferences", [{"kind": "Deployment"}], "A117"),
        ("spec.ignoreDifferences", [{"kind": "Deployment", "jsonPointers": ["spec.replicas"]}], "A118"),
        ("spec.source", {**GIT, "helm": {"values": "- a"}}, "A119"),
        ("spec.source", {**GIT, "helm": {"values": "a: [b"}}, "A119"),
        ("spec.source", {**GIT, "helm": {"version": "v2"}}, "A119"),
        ("spec.source", {**GIT, "helm": {"values": "a: b", "valuesObject": {"a": "c"}}}, "A120"),
        ("spec.source", {**GIT, "kustomize": {"replicas": [{"name": "a", "count": "many"}]}}, "A121"),
        ("metadata.annotations", {"argocd.argoproj.io/sync-waves": "1"}, "A130"),
        ("metadata.annotations", {"argocd.argoproj.io/sync-wave": "one"}, "A131"),
        ("metadata.annotations", {"argocd.argoproj.io/hook": "PreSync,Later"}, "A131"),
        ("metadata.annotations", {"argocd.argoproj.io/hook-delete-policy": "Never"}, "A131"),
        ("metadata.annotations", {"argocd.argoproj.io/compare-options": "IgnoreAll"}, "A131"),
        ("metadata.annotations", {"argocd.argoproj.io/refresh": "harder"}, "A131"),
        ("metadata.annotations", {"argocd.argoproj.io/sync-options": "Prune=maybe"}, "A114"),
        ("metadata.annotations", {"argocd.argoproj.io/managed-by-url": "ftp://x"}, "A132"),
    ],
)
def test_one_change_one_finding(path: str, value: Any, code: str) -> None:
    assert codes(changed(APPLICATION, path, value)) == [code]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata", {"generateName": "guestbook-"}),
        ("metadata.finalizers", ["resources-finalizer.argocd.argoproj.io/background", "example.com/mine"]),
        ("metadata.annotations", {"argocd.argoproj.io/hook": "PreSync, PostSync", "example.com/hook": "x"}),
        ("metadata.annotations", {"argocd.argoproj.io/sync-wave": "-5"}),
        ("metadata.annotations", {"argocd.argoproj.io/sync-options": "Prune=false,Replace=true"}),
        ("metadata.annotations", {"argocd.argoproj.io/manifest-generate-paths": ".;/shared"}),
        ("spec.destination", {"name": "prod"}),
        ("spec.source", {"repoURL": REPO, "chart": "nginx", "targetRevision": "1.*"}),
        (
            "spec.source",
            {**GIT, "helm": {"values": "a: b"}, "kustomize": {}, "directory": {"recurse": False}},
        ),
        ("spec.source", {**GIT, "helm": {"values": "# nothing"}}),
        ("spec.source", {**GIT, "kustomize": {"replicas": [{"name": "a", "count": "3"}]}}),
        ("spec.syncPolicy", {"retry": {"limit": -1, "backoff": {"duration": "5", "maxDuration": "3m0s"}}}),
        (
            "spec.syncPolicy",
            {"managedNamespaceMetadata": {"labels": {}}, "syncOptions": ["CreateNamespace=true"]},
        ),
        ("spec.ignoreDifferences", [{"kind": "*", "group": "*", "managedFieldsManagers": ["hpa"]}]),
        ("operation", {"sync": {"syncOptions": ["Prune=false"], "revision": "v1"}}),
        ("status", {"whatever": ["Argo CD", "writes"]}),
    ],
)
def test_what_argo_cd_accepts_has_no_findings(path: str, value: Any) -> None:
    assert codes(changed(APPLICATION, path, value)) == []


def test_several_sources() -> None:
    values = {"repoURL": REPO, "ref": "values"}
    chart = {"repoURL": "https://charts.example.com", "chart": "a", "targetRevision": "1.0.0"}
    good = {**chart, "helm": {"valueFiles": ["$values/prod.yaml"], "fileParameters": [{"path": "$values/a"}]}}
    assert codes(sources(good, values)) == []
    assert codes(sources(good)) == ["A109", "A109"]
    assert codes(sources({**chart, "helm": {"valueFiles": ["$value/prod.yaml"]}}, values)) == ["A109"]
    assert codes(sources(values, values)) == ["A108"]
    assert codes(sources(values, {"repoURL": REPO, "ref": "a b"})) == ["A108"]
    assert codes(sources({**chart, "ref": "x"}, values)) == ["A108"]
    assert codes(sources({"repoURL": REPO}, values)) == ["A104"]


def test_a_hydrator_wins() -> None:
    hydrator = {
        "drySource": {"repoURL": REPO, "path": "a", "targetRevision": "main"},
        "syncSource": {"targetBranch": "env/prod", "path": "a"},
    }
    alone = changed(changed(APPLICATION, "spec.source", ...), "spec.sourceHydrator", hydrator)
    assert codes(alone) == []
    assert codes(changed(alone, "spec.source", GIT)) == ["A107"]
    both = {**hydrator["drySource"], "helm": {"releaseName": "a"}, "kustomize": {"namePrefix": "b"}}
    assert codes(changed(alone, "spec.sourceHydrator.drySource", both)) == ["A106"]


def test_options_bring_their_fix() -> None:
    document = changed(
        APPLICATION, "spec.syncPolicy", {"syncOptions": ["CreateNamespce=true", "Prune=False"]}
    )
    fixes = [[edit.value for edit in finding.fix] for finding in lint(document)]
    assert fixes == [["CreateNamespace=true"], ["Prune=false"]]


def test_a_missing_part_is_told_once() -> None:
    assert codes(changed(APPLICATION, "spec.source", {})) == ["A016"]


def test_a_bad_values_text_is_told_at_its_place() -> None:
    (finding,) = lint(changed(APPLICATION, "spec.source", {**GIT, "helm": {"values": "a: b\n  c: d"}}))
    assert finding.place.path == ("spec", "source", "helm", "values")
