"""Applications that a set or another Application no longer brings along, from files to the target."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Commands
from tests.rendering_projects import CONFIG_MAP, application, commit, git, manifest_text, repository, write

AUTO = {"automated": {"prune": True, "selfHeal": True}}
FINALIZER = "resources-finalizer.argocd.argoproj.io"


def cm(name):
    return CONFIG_MAP.format(name=name, value=1)


def team(*names, **policy):
    """A set with an Application for each name."""
    template = application("{{name}}", {"path": "parts/{{name}}"})
    template["spec"]["syncPolicy"] = AUTO
    spec = {
        "generators": [{"list": {"elements": [{"name": name} for name in names]}}],
        "syncPolicy": policy,
        "template": {"metadata": {"name": "{{name}}"}, "spec": template["spec"]},
    }
    metadata = {"name": "team", "namespace": "argocd"}
    return json.dumps(
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "ApplicationSet",
            "metadata": metadata,
            "spec": spec,
        }
    )


def declared(name, path, **more):
    return manifest_text(name, {"path": path}, **more) + f"  syncPolicy: {json.dumps(AUTO)}\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    files = {
        "parts/one/cm.yaml": cm("one"),
        "parts/two/cm.yaml": cm("two"),
        "holkas.yaml": "app: {target: directory}\nplugins: {targets: {directory: {directory: live}}}\n",
        ".gitignore": "live\n",
    }
    root = repository(tmp_path / "p", files)
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    return root


@pytest.fixture
def app(root, capsys):
    run = Commands(root, capsys)
    return lambda *words: run("app", *words)


def committed(root, **files):
    write(root, {name.replace("__", "/") + ".yaml": text for name, text in files.items()})
    commit(root)


def live(root):
    return {path.stem for path in (root / "live").rglob("*.yaml") if ".holkas" not in path.parts}


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ({}, {"two"}),
        ({"preserveResourcesOnDeletion": True}, {"one", "two"}),
        ({"applicationsSync": "create-update"}, {"one", "two"}),
        ({"applicationsSync": "create-delete"}, {"two"}),
    ],
)
def test_what_a_set_no_longer_gives(root, app, policy, left):
    committed(root, set=team("one", "two", **policy))
    assert app("watch", "--once").code == 0
    assert live(root) == {"one", "two"}
    committed(root, set=team("two", **policy))
    assert app("watch", "--once").code == 0
    assert live(root) == left


@pytest.mark.parametrize("broken", ["{", None])
def test_a_set_that_cannot_be_read_or_is_gone_deletes_nothing(root, app, broken):
    committed(root, set=team("one", "two"))
    app("watch", "--once")
    if broken is None:
        git(root, "rm", "-q", "set.yaml")
        commit(root)
    else:
        committed(root, set=team("one", "two").replace("parts/{{name}}", "parts/{{name}}{{"))
    app("watch", "--once")
    assert live(root) == {"one", "two"}
    if broken is None:
        assert app("delete", "one", "-y").code == 0
        assert live(root) == {"two"}


def test_a_child_goes_with_its_place_in_the_parent(root, app):
    child = declared("one", "parts/one", finalizers=[FINALIZER])
    committed(root, top=declared("root", "apps"), apps__one=child, apps__cm=cm("r"))
    assert app("watch", "--once").code == 0
    assert live(root) == {"r", "one"}
    assert len(list((root / "live").rglob("one.yaml"))) >= 2
    git(root, "rm", "-q", "apps/one.yaml")
    commit(root)
    said = app("watch", "--once")
    assert said.code == 0
    assert said.err.splitlines()[-2:] == [
        "one: deletion of its resources (automatic)",
        "one: Succeeded: all resources are gone",
    ]
    assert live(root) == {"r"}


def test_a_deletion_says_how_dependants_go(root, app):
    committed(root, one=manifest_text("one", {"path": "parts/one"}, finalizers=[f"{FINALIZER}/background"]))
    app("sync", "one", "--quiet")
    assert app("delete", "one", "-y", "--propagation-policy", "foreground").code == 0
    assert live(root) == set()
    assert app("delete", "one", "-y", "--propagation-policy", "orphan").code == 2
