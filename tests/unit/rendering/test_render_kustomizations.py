"""Kustomizations: the options of an Application, and what a build may read."""

import pytest
from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.kustomize.edits import edited
from holkas_compat.argocd.rendering.kustomize.images import image_entry

from tests.rendering_projects import CONFIG_MAP, write

DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n"
    "  template: {spec: {containers: [{name: c, image: 'nginx:1'}]}}\n"
)
FILES = {
    "base/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator: [{name: g, files: [k=data.txt]}]\n",
    "base/web.yaml": DEPLOYMENT,
    "base/data.txt": "data",
    "over/kustomization.yaml": "resources: [../base]\nnamePrefix: old-\n",
    "parts/label/kustomization.yaml": (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -part\n"
    ),
}


def edit(kustomization, options, exists=lambda path: True):
    return edited(kustomization, options, BuildEnvironment({"ARGOCD_APP_NAME": "app"}), exists)


def test_every_option_at_once(project, kustomize):
    options = {
        "namePrefix": "new-",
        "nameSuffix": "-end",
        "namespace": "other",
        "images": ["nginx=registry.io/web:${ARGOCD_APP_NAME}"],
        "replicas": [{"name": "web", "count": 3}],
        "commonLabels": {"app": "$ARGOCD_APP_NAME"},
        "commonAnnotations": {"note": "$ARGOCD_APP_NAME"},
        "patches": [
            {"target": {"kind": "Deployment"}, "patch": "- {op: add, path: /spec/paused, value: true}"}
        ],
        "components": ["../parts/label", "../parts/none"],
        "ignoreMissingComponents": True,
    }
    web = next(
        one
        for one in project(FILES).manifests({"path": "over", "kustomize": options})
        if one["kind"] != "ConfigMap"
    )
    assert web["metadata"]["name"] == "new-web-part-end"
    assert web["metadata"]["namespace"] == "other"
    assert web["metadata"]["annotations"]["note"] == "$ARGOCD_APP_NAME"
    assert web["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.io/web:app"
    assert (web["spec"]["replicas"], web["spec"]["paused"]) == (3, True)
    assert web["spec"]["selector"]["matchLabels"] == {"app": "app"}


def test_again_only_when_something_that_is_read_changes(project, kustomize):
    made = project({**FILES, "base/unread.yaml": "x"})
    assert not made.one({"path": "over"}).cached
    assert made.one({"path": "over"}).cached
    write(made.root, {"base/unread.yaml": "y", "README.md": "x"})
    assert made.one({"path": "over"}).cached
    write(made.root, {"base/data.txt": "other"})
    assert not made.one({"path": "over"}).cached


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx:1.2", {"name": "nginx", "newTag": "1.2", "digest": ""}),
        ("r.io:5000/nginx:1", {"name": "r.io:5000/nginx", "newTag": "1", "digest": ""}),
        ("nginx@sha256:0", {"name": "nginx", "newTag": "", "digest": "sha256:0"}),
        ("a=b", {"name": "a", "newName": "b", "newTag": "", "digest": ""}),
        ("a=r.io:5000/b:1", {"name": "a", "newName": "r.io:5000/b", "newTag": "1", "digest": ""}),
        ("a=b:1@sha256:0", {"name": "a", "newName": "b", "newTag": "1", "digest": "sha256:0"}),
    ],
)
def test_images(text, expected):
    assert image_entry(text) == expected


@pytest.mark.parametrize("text", ["nginx", "", "=b", "a="])
def test_images_that_say_nothing(text):
    with pytest.raises(RenderFailure):
        image_entry(text)


def test_images_replace_their_entry_and_an_asterisk_keeps():
    there = {"images": [{"name": "z", "newTag": "9"}, {"name": "a", "newName": "x", "newTag": "1"}]}
    made = edit(there, {"images": ["a=*:2", "b:3"]})
    assert made["images"] == [
        {"name": "a", "newName": "x", "newTag": "2"},
        {"name": "b", "newTag": "3"},
        {"name": "z", "newTag": "9"},
    ]


@pytest.mark.parametrize(
    ("kustomization", "options", "expected"),
    [
        (
            {"replicas": [{"name": "a", "count": 1}]},
            {"replicas": [{"name": "a", "count": "2"}]},
            {"replicas": [{"name": "a", "count": 2}]},
        ),
        ({}, {"commonLabels": {"a": "b"}, "labelWithoutSelector": True}, {"labels": [{"pairs": {"a": "b"}}]}),
        (
            {"labels": [{"pairs": {"x": "y"}}]},
            {"commonLabels": {"a": "b"}, "labelWithoutSelector": True},
            {"labels": [{"pairs": {"x": "y", "a": "b"}}]},
        ),
        (
            {"labels": [{"pairs": {"x": "y"}, "includeSelectors": True}]},
            {"commonLabels": {"a": "b"}, "labelWithoutSelector": True, "labelIncludeTemplates": True},
            {
                "labels": [
                    {"pairs": {"x": "y"}, "includeSelectors": True},
                    {"pairs": {"a": "b"}, "includeTemplates": True},
                ]
            },
        ),
        (
            {"commonAnnotations": {"a": "1"}},
            {"commonAnnotations": {"a": "2"}, "forceCommonAnnotations": True},
            {"commonAnnotations": {"a": "2"}},
        ),
        (
            {},
            {"commonAnnotations": {"a": "$ARGOCD_APP_NAME"}, "commonAnnotationsEnvsubst": True},
            {"commonAnnotations": {"a": "app"}},
        ),
        ({"components": ["x"]}, {"components": ["x", "y"]}, {"components": ["x", "y"]}),
        ({"patches": [1]}, {"patches": [2]}, {"patches": [1, 2]}),
    ],
)
def test_edits(kustomization, options, expected):
    assert edit(kustomization, options) == expected


@pytest.mark.parametrize(
    ("kustomization", "options"),
    [
        ({"commonLabels": {"a": "1"}}, {"commonLabels": {"a": "2"}}),
        ({"commonAnnotations": {"a": "1"}}, {"commonAnnotations": {"a": "1"}}),
        ({}, {"commonLabels": {"a": "1"}, "labelIncludeTemplates": True}),
        ({}, {"replicas": [{"name": "a", "count": "many"}]}),
        ({}, {"replicas": ["a"]}),
        ({}, {"images": "nginx:1"}),
        ({}, {"commonLabels": ["a"]}),
    ],
)
def test_options_that_cannot_be(kustomization, options):
    with pytest.raises(RenderFailure):
        edit(kustomization, options)


@pytest.mark.parametrize(
    ("kustomization", "code"),
    [
        ("resources: ['https://github.com/org/repo//base?ref=v1']", "R121"),
        ("resources: [github.com/org/repo/base]", "R121"),
        ("bases: ['git@github.com:org/repo.git']", "R121"),
        ("resources: [none.yaml]", "R121"),
        ("resources: [../../../etc]", "R102"),
        ("configMapGenerator: [{name: x, files: [/etc/passwd]}]", "R121"),
        ("secretGenerator: [{name: x, envs: [../../x.env]}]", "R102"),
        ("patches: [{path: 'https://example.invalid/x.yaml'}]", "R121"),
        ("openapi: {path: none.json}", "R121"),
        ("helmCharts: [{name: x, repo: 'https://x'}]", "R122"),
        ("[]", "R120"),
        ("{", "R120"),
    ],
)
def test_what_a_kustomization_may_not(project, kustomization, code):
    assert project({"app/kustomization.yaml": kustomization}).failure({"path": "app"})[0] == code


def test_generators_that_run_programs_are_not_run(project, kustomize, tmp_path):
    proof = tmp_path / "proof"
    files = {
        "app/kustomization.yaml": "generators: [gen.yaml]\n",
        "app/gen.yaml": (
            "apiVersion: x\nkind: Gen\nmetadata:\n  name: g\n  annotations:\n"
            "    config.kubernetes.io/function: 'exec: {path: ./run.sh}'\n"
        ),
        "app/run.sh": f"#!/bin/sh\ntouch {proof}\n",
    }
    made = project(files)
    (made.root / "app" / "run.sh").chmod(0o755)
    assert made.failure({"path": "app"})[0] == "R123"
    assert not proof.exists()


def test_bases_in_a_circle(project, kustomize):
    files = {"a/kustomization.yaml": "resources: [../b]", "b/kustomization.yaml": "resources: [../a]"}
    code, message = project(files).failure({"path": "a"})
    assert code == "R123"
    assert "holkas-render" not in message


def test_kustomizations_without_a_file(project):
    assert (
        project({"app/a.yaml": CONFIG_MAP}).failure({"path": "app", "kustomize": {"namePrefix": "x"}})[0]
        == "R121"
    )
