"""Who brings an Application along, and which sets delete those that they no longer give."""

from __future__ import annotations

import json

import pytest
from holkas.extensions.renderer import RenderOptions

from tests.rendering_projects import CONFIG_MAP, application, manifest_text


def a_set(name, *elements, generators=None, **policy):
    template = application("{{name}}", {"path": "parts"})
    spec = {
        "generators": generators or [{"list": {"elements": [{"name": one} for one in elements]}}],
        "syncPolicy": policy,
        "template": {"metadata": {"name": "{{name}}"}, "spec": template["spec"]},
    }
    metadata = {"name": name, "namespace": "argocd"}
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet"}
    return json.dumps({**kind, "metadata": metadata, "spec": spec})


def declared(project, **files):
    cm = CONFIG_MAP.format(name="c", value=1)
    made = project({"parts/cm.yaml": cm} | {name.replace("__", "/"): text for name, text in files.items()})
    renderer = made.renderer()
    try:
        return renderer.render_declared(RenderOptions())
    finally:
        renderer.close()


def parents(found):
    return {one.name: one.parent for one in found.applications}


def test_an_application_is_its_parents_though_a_file_declares_it_too(project):
    found = declared(
        project,
        **{
            "top.yaml": manifest_text("root", {"path": "apps"}),
            "apps/child.yaml": manifest_text("child", {"path": "parts"}),
            "alone.yaml": manifest_text("alone", {"path": "parts"}),
        },
    )
    assert parents(found) == {"alone": "", "child": "Application/argocd/root", "root": ""}
    assert found.pruning_sets == frozenset()


def test_an_application_among_its_own_resources_is_not_its_own_parent(project):
    found = declared(project, **{"apps/self.yaml": manifest_text("self", {"path": "apps"})})
    assert parents(found) == {"self": ""}


@pytest.mark.parametrize(
    ("policy", "prunes"),
    [
        ({}, True),
        ({"applicationsSync": "sync"}, True),
        ({"applicationsSync": "create-delete"}, True),
        ({"applicationsSync": "create-update"}, False),
        ({"applicationsSync": "create-only"}, False),
    ],
)
def test_sets_say_whether_they_delete(project, policy, prunes):
    found = declared(project, **{"set.yaml": a_set("team", "a", "b", **policy)})
    assert parents(found) == dict.fromkeys("ab", "ApplicationSet/argocd/team")
    assert (found.pruning_sets == {"ApplicationSet/argocd/team"}) is prunes


def test_a_set_without_any_application_deletes_and_a_broken_one_does_not(project):
    found = declared(
        project,
        **{
            "empty.yaml": a_set("empty"),
            "broken.yaml": a_set("broken", generators=[{"git": {"repoURL": "https://127.0.0.1:1/x.git"}}]),
        },
    )
    assert found.pruning_sets == {"ApplicationSet/argocd/empty"}
    assert [one.name for one in found.applications if one.failed] == ["broken"]
