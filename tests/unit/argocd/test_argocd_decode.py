"""The shape of Argo CD's documents: what the API server would refuse, and where."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.finding import Severity
from holkas_compat.argocd.decode import decode
from holkas_compat.argocd.group import is_argocd

from tests.argocd_documents import APPLICATION, APPLICATION_SET, PROJECT, changed, codes, lint


@pytest.mark.parametrize("document", [APPLICATION, APPLICATION_SET, PROJECT], ids=lambda one: one["kind"])
def test_accepted_documents_have_no_findings(document: dict[str, Any]) -> None:
    assert lint(document) == []


@pytest.mark.parametrize(
    ("path", "value", "code", "place"),
    [
        ("spec.source.repoUrl", "x", "A010", ("spec", "source", "repoUrl")),
        ("spec.sorce", {}, "A010", ("spec", "sorce")),
        ("metadata.lables", {}, "A010", ("metadata", "lables")),
        (
            "spec.syncPolicy",
            {"automated": {"prune": "true"}},
            "A011",
            ("spec", "syncPolicy", "automated", "prune"),
        ),
        ("spec.syncPolicy", [], "A011", ("spec", "syncPolicy")),
        ("spec.revisionHistoryLimit", 1e19, "A015", ("spec", "revisionHistoryLimit")),
        ("spec.revisionHistoryLimit", 1.5, "A011", ("spec", "revisionHistoryLimit")),
        ("metadata.labels", {"a": 1}, "A011", ("metadata", "labels", "a")),
        ("metadata.creationTimestamp", "yesterday", "A014", ("metadata", "creationTimestamp")),
        ("spec.project", ..., "A016", ("spec",)),
        ("spec.destination", ..., "A016", ("spec",)),
        ("spec.source.repoURL", ..., "A016", ("spec", "source")),
        ("spec.info", [{"name": "a"}], "A016", ("spec", "info", 0)),
        ("spec.syncPolicy", {"syncOptions": [None]}, "A011", ("spec", "syncPolicy", "syncOptions", 0)),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(
    path: str, value: Any, code: str, place: tuple[Any, ...]
) -> None:
    (finding,) = lint(changed(APPLICATION, path, value))
    assert (finding.code, finding.place.path, finding.severity) == (code, place, Severity.ERROR)


def test_nulls_are_no_values() -> None:
    assert lint(changed(APPLICATION, "spec.syncPolicy", None)) == []
    assert codes(changed(APPLICATION, "spec.project", None)) == ["A016"]


def test_another_case_is_an_unknown_field_with_a_fix() -> None:
    (finding,) = lint(changed(APPLICATION, "spec.source.targetrevision", "v2"))
    assert (finding.code, finding.hint) == ("A010", "")
    wrong = changed(
        changed(APPLICATION, "spec.source.targetRevision", ...), "spec.source.targetrevision", "v2"
    )
    (finding,) = lint(wrong)
    assert finding.hint == "did you mean `targetRevision`?"
    assert [edit.key for edit in finding.fix] == ["targetRevision"]


def test_words_that_the_definition_lists() -> None:
    (finding,) = lint(changed(APPLICATION_SET, "spec.syncPolicy", {"applicationsSync": "never"}))
    assert finding.code == "A017"
    assert "create-only" in finding.message


def test_nested_generators_are_plain_json_to_argo_cd() -> None:
    terminal = {"list": {"elements": []}, "surprise": 1}
    matrix = {"matrix": {"generators": [terminal, {"list": {"elements": []}}]}}
    document = changed(APPLICATION_SET, "spec.generators", [matrix])
    assert [(one.code, one.severity) for one in lint(document)] == [("A010", Severity.ERROR)]
    nested = {"matrix": {"generators": [matrix, {"list": {"elements": []}}]}}
    document = changed(APPLICATION_SET, "spec.generators", [nested])
    assert [(one.code, one.severity) for one in lint(document)] == [("A010", Severity.WARNING)]


@pytest.mark.parametrize(
    ("version", "kind", "ours"),
    [
        ("argoproj.io/v1alpha1", "Application", True),
        ("argoproj.io/v2", "AppProject", True),
        ("argoproj.io/v1alpha1", "Aplication", True),
        ("argoproj.io/v1alpha1", "Rollout", False),
        ("argoproj.io/v1alpha1", "Workflow", False),
        ("argoproj.oi/v1alpha1", "Application", True),
        ("app.k8s.io/v1beta1", "Application", False),
        ("core.oam.dev/v1beta1", "Application", False),
        ("", "ApplicationSet", True),
        ("v1", "Pod", False),
    ],
)
def test_which_documents_are_argo_cds(version: str, kind: str, ours: bool) -> None:
    assert is_argocd({"apiVersion": version, "kind": kind}) is ours


def test_no_mapping_is_a_document() -> None:
    assert not is_argocd(["apiVersion"])
    assert not is_argocd(None)


@pytest.mark.parametrize(
    ("version", "kind", "code", "hint"),
    [
        ("argoproj.io/v1", "Application", "A003", "write argoproj.io/v1alpha1"),
        ("", "Application", "A003", "write argoproj.io/v1alpha1"),
        ("argoproj.io/v1alpha1", "Aplication", "A002", "did you mean `Application`?"),
        ("argoproj.io/v1alpha1", "", "A002", ""),
    ],
)
def test_unknown_kinds_and_versions(version: str, kind: str, code: str, hint: str) -> None:
    decoded = decode({"apiVersion": version, "kind": kind})
    assert not decoded.accepted
    assert [(problem.code, problem.hint) for problem in decoded.problems] == [(code, hint)]


def test_a_kind_of_the_group_that_looks_like_none_is_only_a_warning() -> None:
    decoded = decode({"apiVersion": "argoproj.io/v1alpha1", "kind": "Something"})
    assert decoded.accepted
    assert [problem.code for problem in decoded.problems] == ["A002"]
