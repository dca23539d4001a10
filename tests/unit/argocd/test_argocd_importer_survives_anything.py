"""Mutated manifests: findings or none, never a traceback; and what schemas, hooks and fixes promise."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from holkas.extensions.importer import Loaded, RunWish
from holkas.model.finding import Severity
from holkas.model.run import TaskRun
from holkas.yaml import Source, apply_edits, load_documents
from holkas.yaml.dumper import dump
from holkas_compat.argocd import hooks
from holkas_compat.argocd.codes import CODES
from holkas_compat.argocd.importer import ArgoCdImporter
from holkas_compat.argocd.json_schema import schema_for
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.argocd_documents import APPLICATION, APPLICATION_SET, PROJECT, changed, documents, lint

WINDOW = {"kind": "allow", "schedule": "0 8 * * *", "duration": "1h", "applications": ["*"]}
RICH: tuple[dict[str, Any], ...] = (
    changed(
        changed(
            APPLICATION, "spec.syncPolicy", {"automated": {"prune": True}, "syncOptions": ["Prune=false"]}
        ),
        "spec.ignoreDifferences",
        [{"kind": "Deployment", "jsonPointers": ["/spec/replicas"]}],
    ),
    changed(
        changed(APPLICATION, "spec.source", ...),
        "spec.sources",
        [
            {
                "repoURL": "https://a",
                "chart": "a",
                "targetRevision": "1",
                "helm": {"valueFiles": ["$b/x.yaml"]},
            },
            {"repoURL": "https://b", "ref": "b"},
        ],
    ),
    changed(
        changed(PROJECT, "spec.syncWindows", [WINDOW]),
        "spec.roles",
        [
            {
                "name": "dev",
                "policies": ["p, proj:team:dev, applications, sync, team/*, allow"],
                "groups": ["devs"],
            }
        ],
    ),
    changed(
        APPLICATION_SET,
        "spec.generators",
        [{"matrix": {"generators": [{"list": {"elements": [{}]}}, {"clusters": {"selector": {}}}]}}],
    ),
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "c", "labels": {"argocd.argoproj.io/secret-type": "cluster"}},
        "data": {"server": "aHR0cHM6Ly94", "config": "e30="},
    },
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm"},
        "data": {"resource.exclusions": "[]", "timeout.reconciliation": "3m"},
    },
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["!*", "[", "$x/y", "{{", "{{.a}}", "Prune=", "a: [", "@daily", "1d", "\x00", "é" * 300]),
    st.just([]),
    st.just({}),
    st.just([None, {}, [[]]]),
    st.just({"a": {"b": [1]}}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        found += places(item, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    made = copy.deepcopy(draw(st.sampled_from(RICH)))
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(places(made)))
        place: Any = made
        for part in way:
            place = place[part]
        action = draw(st.sampled_from(["set", "drop", "rename", "twice"]))
        if action == "set":
            place[last] = copy.deepcopy(draw(JUNK))
        elif action == "drop":
            del place[last]
        elif isinstance(place, dict):
            place[f"{last}x" if action == "rename" else str(last).upper()] = place[last]
        else:
            place.append(copy.deepcopy(place[last]))
    return made


@given(st.lists(mutated(), min_size=1, max_size=3))
def test_mutated_manifests_never_give_a_traceback(values: list[dict[str, Any]]) -> None:
    read = documents(values)
    importer = ArgoCdImporter()
    for finding in importer.lint(read):
        assert finding.code in CODES
        assert finding.message
    declared = importer.declared(read)
    assert len(declared.applications) + len(declared.projects) <= len(values)


@given(mutated())
def test_what_has_no_error_satisfies_the_schema(value: dict[str, Any]) -> None:
    (document,) = documents([value])
    importer = ArgoCdImporter()
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    schema = importer.schema(kind) if isinstance(kind, str) else None
    if schema is None or not importer.recognises(document.value):
        return
    if any(finding.severity is Severity.ERROR for finding in importer.lint([document])):
        return
    assert Draft202012Validator(schema).is_valid(without_nulls(document.value))


def without_nulls(value: Any) -> Any:
    """Kubernetes drops nulls before it looks at the schema."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["Application", "ApplicationSet", "AppProject"])
def test_schemas_are_valid_and_take_good_documents(kind: str) -> None:
    schema = schema_for(kind)
    Draft202012Validator.check_schema(schema)
    good = {one["kind"]: one for one in (APPLICATION, APPLICATION_SET, PROJECT)}[kind]
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid({**good, "spec": {"surprise": 1}})
    assert schema["required"] == ["apiVersion", "kind", "metadata", "spec"]


def test_schemas_of_what_does_not_exist() -> None:
    assert ArgoCdImporter().schema("Rollout") is None
    assert ArgoCdImporter().schema("Application", "argoproj.io/v1") is None
    assert ArgoCdImporter().kinds()["AppProject"] == ("argoproj.io/v1alpha1",)


def test_fixes_end_their_findings() -> None:
    wrong = changed(APPLICATION, "spec.source.targetRevision", ...)
    wrong = changed(wrong, "spec.source.targetrevision", "v1")
    wrong = changed(wrong, "spec.syncPolicy", {"syncOptions": ["CreateNamespce=true", "Prune=False"]})
    wrong = changed(wrong, "metadata.finalizers", ["resources-finalizer.argocd.argoproj.i"])
    source = Source("a.yaml", dump(wrong).encode())
    importer = ArgoCdImporter()
    findings = importer.lint(load_documents(source))
    assert len(findings) == 4
    for finding in findings:
        assert finding.fix
        source = apply_edits(source, 0, finding.fix)
    assert importer.lint(load_documents(source)) == []


def test_every_code_has_an_explanation_and_only_its_own_letter() -> None:
    assert set(hooks.holkas_codes()) == set(CODES)
    assert all(code[0] == "A" and doc.title and doc.text for code, doc in CODES.items())


def test_the_importer_runs_nothing() -> None:
    importer = ArgoCdImporter()
    assert importer.load(documents([APPLICATION]), RunWish()) == Loaded()
    with pytest.raises(NotImplementedError):
        importer.manifest(TaskRun.__new__(TaskRun))


def test_documents_of_others_are_left_alone() -> None:
    assert lint({"apiVersion": "tekton.dev/v1", "kind": "Task"}, {"a": 1}, ["list"]) == []
