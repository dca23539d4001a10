"""From files to a target: how ``argocd-cm`` has resources tracked, and jq expressions that only a worker may look at."""

from __future__ import annotations

import json

import pytest
from holkas.yaml import load
from holkas_builtin.targets.directory import DirectoryTarget
from holkas_compat.argocd.rendering.jq_places import JqWorker

from tests.command_line import Commands
from tests.rendering_projects import CONFIG_MAP, commit, manifest_text, repository, write

SETTINGS = """apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: %s
"""
RULES = """  ignoreDifferences:
  - {group: "", kind: ConfigMap, jqPathExpressions: ['.data | getpath(["value"])']}
"""


def cm(name, value=1):
    return CONFIG_MAP.format(name=name, value=value)


def declared(name, more="", **policy):
    return manifest_text(name, {"path": name}) + f"  syncPolicy: {json.dumps(policy)}\n" + more


@pytest.fixture
def started(tmp_path, monkeypatch, capsys):
    """Commands in a repository with these files."""

    def start(files):
        plain = {
            "holkas.yaml": "app: {target: directory}\nplugins: {targets: {directory: {directory: live}}}\n",
            ".gitignore": "live\n",
        }
        root = repository(tmp_path / "p", plain | files)
        monkeypatch.chdir(root)
        monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
        run = Commands(root, capsys)
        return root, lambda *words: run("app", *words)

    return start


def live(root):
    return {path.stem: path for path in (root / "live" / "x" / "ns" / "ConfigMap").glob("*.yaml")}


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (
            {
                "application.resourceTrackingMethod": "label",
                "application.instanceLabelKey": "example.com/app",
            },
            {"labels": {"example.com/app": "web"}},
        ),
        (
            {"application.resourceTrackingMethod": "annotation", "installationID": "one"},
            {
                "annotations": {
                    "argocd.argoproj.io/tracking-id": "web:/ConfigMap:ns/%s",
                    "argocd.argoproj.io/installation-id": "one",
                }
            },
        ),
    ],
)
def test_only_what_bears_the_mark_of_the_settings_is_pruned(started, data, mark):
    root, app = started(
        {
            "settings.yaml": SETTINGS % json.dumps(data),
            "web.yaml": declared("web"),
            "web/a.yaml": cm("a"),
            "web/b.yaml": cm("b"),
        }
    )
    assert app("sync", "web", "--quiet").code == 0
    made = load(live(root)["b"].read_text())["metadata"]
    wanted = json.loads(json.dumps(mark).replace("%s", "b"))
    assert {name: made.get(name) for name in ("labels", "annotations") if made.get(name)} == wanted
    foreign = live(root)["b"].with_name("foreign.yaml")
    other = {"labels": {"app.kubernetes.io/instance": "web"}, "name": "foreign", "namespace": "ns"}
    foreign.write_text(json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": other}))
    (root / "web" / "b.yaml").unlink()
    commit(root)
    assert app("sync", "web", "--prune", "--quiet").code == 0
    assert set(live(root)) == {"a", "foreign"}


def test_the_value_that_a_long_expression_names_stays_as_it_is_live(started):
    root, app = started(
        {
            "web.yaml": declared("web", RULES, syncOptions=["RespectIgnoreDifferences=true"]),
            "web/a.yaml": cm("a"),
        }
    )
    assert app("sync", "web", "--quiet").code == 0
    theirs = live(root)["a"]
    theirs.write_text(theirs.read_text().replace("'1'", "theirs").replace('"1"', "theirs"))
    assert app("diff", "web").code == 0
    write(root, {"web/b.yaml": cm("b")})
    commit(root)
    assert app("sync", "web", "--quiet").code == 0
    assert load(theirs.read_text())["data"] == {"value": "theirs"}
    assert set(live(root)) == {"a", "b"}


@pytest.mark.parametrize("can", [True, False])
def test_the_target_is_asked_what_a_sync_would_change(started, monkeypatch, can):
    if not can:
        monkeypatch.setattr(DirectoryTarget, "dry_run_apply", lambda *given, **more: None)
    compare = {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
    text = manifest_text("web", {"path": "web"}, annotations=compare)
    root, app = started({"web.yaml": text, "web/a.yaml": cm("a"), "web/b.yaml": cm("b")})
    assert app("sync", "web", "--quiet").code == 0
    assert app("diff", "web").code == 0
    write(root, {"web/a.yaml": cm("a", 2)})
    said = app("diff", "web")
    assert said.code == 1
    assert "value: '1'" in said.out.replace('"', "'")
    assert said.err.count("the target directory cannot try out a server-side apply") == (0 if can else 1)


def test_an_expression_that_never_ends_is_one_sentence(started, monkeypatch):
    monkeypatch.setattr(JqWorker.__init__, "__defaults__", (0.5,))
    endless = RULES.replace('.data | getpath(["value"])', "last(repeat(.))")
    root, app = started({"web.yaml": declared("web", endless), "web/a.yaml": cm("a")})
    assert app("sync", "web", "--quiet").code == 0
    write(root, {"web/a.yaml": cm("a", 2)})
    commit(root)
    said = app("diff", "web")
    assert said.code == 2
    assert "Traceback" not in said.err
    assert "takes too long" in said.err
