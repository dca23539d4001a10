"""From parameters to applications: templates, patches, names, and what is told where something is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.argocd.applicationset.application import with_template_patch
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generate import generate
from holkas_compat.argocd.applicationset.rolling import steps
from holkas_compat.argocd.applicationset.strategic_patch import patched
from holkas_compat.argocd.applicationset.substitution import Substitution, substitution
from holkas_compat.argocd.applicationset.world import World
from hypothesis import given, settings
from hypothesis import strategies as st


def appset(**spec: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "generators": [{"list": {"elements": [{"env": "dev"}, {"env": "prod"}]}}],
        "template": {
            "metadata": {"name": "app-{{env}}", "namespace": "elsewhere", "labels": {"env": "{{env}}"}},
            "spec": {"project": "default", "source": {"repoURL": "u", "path": "p/{{ env }}"}},
        },
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": base | spec,
    }


def codes(document: Any) -> list[str]:
    made = generate(document, World())
    assert not made.applications or not made.findings
    return [finding.code for finding in made.findings]


def test_a_set_makes_applications_in_its_own_namespace_with_the_finalizer() -> None:
    made = generate(appset(), World())
    assert not made.findings
    assert [one["metadata"] for one in made.applications][1] == {
        "name": "app-prod",
        "labels": {"env": "prod"},
        "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        "namespace": "argocd",
    }
    assert [one["spec"]["source"]["path"] for one in made.applications] == ["p/dev", "p/prod"]
    kept = generate(appset(syncPolicy={"preserveResourcesOnDeletion": True}), World())
    assert "finalizers" not in kept.applications[0]["metadata"]


def test_the_same_set_gives_the_same_applications_and_changes_nothing_it_was_given() -> None:
    document = appset()
    before = repr(document)
    assert generate(document, World()) == generate(document, World())
    assert repr(document) == before


def test_a_generators_own_template_wins_over_the_sets() -> None:
    own = {
        "metadata": {"labels": {"env": "own", "more": "x"}},
        "spec": {"source": {"path": "own", "targetRevision": "v1"}},
    }
    entry = {"list": {"elements": [{"env": "dev"}], "template": own}}
    (one,) = generate(appset(generators=[entry]), World()).applications
    assert one["metadata"]["labels"] == {"env": "own", "more": "x"}
    assert one["spec"]["source"] == {"repoURL": "u", "path": "own", "targetRevision": "v1"}


def test_what_is_unknown_stays_without_go_templates() -> None:
    how = Substitution()
    params = {"a": "1", "n": 2, "{{x}}": "no"}
    for text, made in (
        ("{{a}}{{ a }}{{\ta\n}}", "111"),
        ("{{b}} {{n}} {{}} {{ }} {{ A }}", "{{b}} {{n}} {{}} {{ }} {{ A }}"),
        ("}} {{ no end", "}} {{ no end"),
        ("{{{{x}}}}", "{{{{x}}}}"),
    ):
        assert how.text(text, params) == made
    with pytest.raises(GenerationError, match="Cannot find end tag"):
        how.text("{{a}} {{b", params)


def test_keys_are_rendered_too_and_other_values_stay() -> None:
    value = {"{{.k}}": [1, True, None, "{{.k}}"], "x": {"y": "{{.k}}"}}
    assert Substitution(True).value(value, {"k": "v"}) == {"v": [1, True, None, "v"], "x": {"y": "v"}}


def test_a_patch_is_rendered_and_cannot_change_the_project() -> None:
    patch = """
{{- if eq .env "prod" }}
metadata: {annotations: {a: b}, finalizers: [x]}
spec:
  project: admin
  source: {path: null, helm: {parameters: [{name: r, value: "{{ .n }}"}]}}
{{- end }}"""
    template = {
        "metadata": {"name": "app-{{.env}}"},
        "spec": {"project": "p", "source": {"repoURL": "u", "path": "x"}},
    }
    entry = {"list": {"elements": [{"env": "dev", "n": 1}, {"env": "prod", "n": 3}]}}
    made = generate(
        appset(goTemplate=True, generators=[entry], template=template, templatePatch=patch), World()
    )
    dev, prod = made.applications
    assert dev["spec"]["source"] == {"repoURL": "u", "path": "x"}
    assert prod["spec"] == {
        "project": "p",
        "source": {"repoURL": "u", "helm": {"parameters": [{"name": "r", "value": "3"}]}},
    }
    assert prod["metadata"]["finalizers"] == ["x", "resources-finalizer.argocd.argoproj.io"]


@pytest.mark.parametrize("text", ["- a", "a: b: c", "spec: x", "$patch: nope", "metadata: 3"])
def test_a_patch_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(GenerationError):
        with_template_patch({"metadata": {}, "spec": {"project": "p"}}, text)


def test_patches_know_kubernetes_directives() -> None:
    before = {"metadata": {"finalizers": ["a", "b"]}, "spec": {"x": {"y": 1, "z": 2}, "l": [1]}}
    assert patched(before, {"spec": {"x": {"$patch": "replace", "w": 3}}})["spec"]["x"] == {"w": 3}
    assert patched(before, {"spec": {"x": {"$patch": "delete"}}})["spec"] == {"l": [1]}
    assert patched(before, {"spec": {"x": {"$retainKeys": ["y"], "y": 5}}})["spec"]["x"] == {"y": 5}
    assert patched(before, {"spec": {"l": [2]}})["spec"]["l"] == [2]
    removed = patched(before, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}})
    assert removed["metadata"]["finalizers"] == ["b"]
    order = patched(
        {"metadata": {"finalizers": ["a", "b", "c"]}}, {"metadata": {"finalizers": ["c", "x", "a", "x"]}}
    )
    assert order["metadata"]["finalizers"] == ["b", "c", "x", "a"]
    owners = {"metadata": {"ownerReferences": [{"uid": "1", "name": "a"}]}}
    merged = patched(owners, {"metadata": {"ownerReferences": [{"uid": "1", "kind": "K"}, {"uid": "2"}]}})
    assert merged["metadata"]["ownerReferences"] == [{"uid": "1", "name": "a", "kind": "K"}, {"uid": "2"}]


NAMED = {"metadata": {"name": "{{.x}}"}}


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({"generators": [{"list": {"elements": [{"env": 1}]}}]}, ["A901"]),
        ({"generators": [{"nothing": {}}]}, ["A905"]),
        ({"generators": [{"git": {"repoURL": "u", "files": [{"path": "x"}]}}]}, ["A904"]),
        ({"generators": [{"list": {"elements": [{"env": "x"}, {"env": "x"}]}}]}, ["A903"]),
        ({"goTemplate": True, "goTemplateOptions": ["missingkey=error"], "template": NAMED}, ["A902"]),
        ({"goTemplate": True, "template": {"metadata": {"name": "{{"}}}, ["A902"]),
        ({"goTemplate": True, "goTemplateOptions": ["missingkey=maybe"]}, ["A902"]),
        ({"template": {"spec": {}}}, ["A906", "A906"]),
        ({"generators": [{"clusters": {"selector": {"matchExpressions": [{"key": "a", "operator": "X"}]}}}]}, ["A901"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_a_code(spec: dict[str, Any], wanted: list[str]) -> None:
    assert codes(appset(**spec)) == wanted


def test_a_document_of_another_shape_is_told_too() -> None:
    assert codes({"spec": 3}) == ["A901"]
    for generators in (
        [{"list": []}],
        [3],
        "x",
        [{"matrix": {"generators": [1, 2]}}],
        [{"git": {"files": "x"}}],
    ):
        made = generate(appset(generators=generators), World())
        assert not made.applications
    place = generate(appset(generators=[{"list": {"elements": [{"env": 1}]}}]), World()).findings[0].place
    assert place.path == ("spec", "generators", 0, "list", "elements", 0, "env")


def test_options_are_read_as_go_reads_them() -> None:
    assert substitution({"goTemplate": True, "goTemplateOptions": ["missingkey=zero"]}) == Substitution(
        True, "zero"
    )
    with pytest.raises(GenerationError, match="unrecognized option: x"):
        substitution({"goTemplate": True, "goTemplateOptions": ["x"]})
    assert substitution({"goTemplateOptions": ["x"]}) == Substitution()


def test_a_rolling_sync_goes_by_labels() -> None:
    made = generate(appset(), World()).applications
    listed = [
        {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]},
        {"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["prod"]}]},
    ]
    strategy = {"type": "RollingSync", "rollingSync": {"steps": listed}}
    assert steps({"strategy": strategy}, made) == (("app-dev",), ())
    assert steps({"strategy": {"type": "AllAtOnce"}}, made) == steps({}, made) == ()
    odd = [{"matchExpressions": [{"key": "env", "operator": "Exists"}]}]
    assert steps({"strategy": {"type": "RollingSync", "rollingSync": {"steps": odd}}}, made) == ((),)


WORDS = st.sampled_from(
    ["{{env}}", "{{.env}}", "{{ x", "a", "list", "elements", "git", "matrix", "", "name", "values"]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
KINDS = st.sampled_from(
    [
        "list",
        "clusters",
        "git",
        "matrix",
        "merge",
        "scmProvider",
        "pullRequest",
        "clusterDecisionResource",
        "plugin",
    ]
)
FIELDS = st.sampled_from(
    [
        *("elements", "elementsYaml", "selector", "values", "template", "directories", "files", "generators"),
        *(
            "mergeKeys",
            "github",
            "configMapRef",
            "input",
            "name",
            "flatList",
            "repoURL",
            "filters",
            "labelSelector",
        ),
        "pathParamPrefix",
    ]
)
ENTRIES = st.dictionaries(KINDS, st.one_of(VALUES, st.dictionaries(FIELDS, VALUES, max_size=4)), max_size=2)


@settings(deadline=None, max_examples=200)
@given(st.lists(ENTRIES, max_size=2), VALUES, VALUES, st.booleans())
def test_no_set_gives_a_traceback(entries: list[Any], template: Any, patch: Any, go: bool) -> None:
    made = generate(
        appset(generators=entries, template=template, templatePatch=patch, goTemplate=go), World()
    )
    assert all(finding.message for finding in made.findings)
