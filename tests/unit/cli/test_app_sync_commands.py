"""Commands that act on Applications and look at them: sync, diff, wait, history, rollback, resources, graph, watch."""

from __future__ import annotations

import json

import pytest
from holkas.reconciler.book import Book
from holkas.reconciler.operation import Operation
from holkas.state.ledger import Ledger
from holkas.state.lock import OwnerLock

from tests.command_line import Commands
from tests.rendering_projects import CONFIG_MAP, commit, manifest_text, repository, write

AUTOMATED = {"automated": {"prune": True, "selfHeal": True}}


def cm(name, value=1):
    return CONFIG_MAP.format(name=name, value=value)


def declared(name, depends="", **policy):
    more = {"annotations": {"holkas.dev/depends-on": depends}} if depends else {}
    text = manifest_text(name, {"path": name}, labels={"part": name}, **more)
    return text if not policy else text + f"  syncPolicy: {json.dumps(policy)}\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Two Applications, ``web`` after ``db``, and a directory as the target."""
    files = {
        "apps/web.yaml": declared("web", "db", **AUTOMATED),
        "apps/db.yaml": declared("db", **AUTOMATED),
        "web/cm.yaml": cm("web"),
        "db/cm.yaml": cm("db"),
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


def live(root, name):
    return root / "live" / "x" / "ns" / "ConfigMap" / f"{name}.yaml"


def test_list_works_offline_and_with_a_target(root, app):
    items = app("list", "-o", "json").json["items"]
    assert [(one["name"], one["sync"], one["health"]) for one in items] == [
        ("db", "OutOfSync", "Missing"),
        ("web", "OutOfSync", "Missing"),
    ]
    (root / "holkas.yaml").unlink()
    items = app("list", "-o", "json").json["items"]
    assert [(one["name"], one["sync"], one["policy"]) for one in items] == [
        ("db", "", "Auto-Prune"),
        ("web", "", "Auto-Prune"),
    ]
    assert app("list", "-l", "part=web", "-o", "name").out.split() == ["web"]
    assert app("list", "-p", "other", "-o", "name").out == ""
    assert "ConfigMap" in app("get", "web").out


def test_a_sync_brings_everything_into_its_desired_state_in_order(root, app):
    said = app("sync", "--all")
    assert said.code == 0, said
    assert said.err.index("db: Succeeded") < said.err.index("web: sync to")
    assert live(root, "web").is_file()
    assert app("diff", "--all").code == 0
    assert app("wait", "--all", "--timeout", "5").code == 0
    resources = app("resources", "web", "-o", "json").json["items"]
    assert [(one["name"], one["status"], one["health"]) for one in resources] == [
        ("/ConfigMap:ns/web", "Synced", "Healthy")
    ]
    assert "Synced" in app("get", "web").out
    assert app("get", "web", "-o", "json").json["last"]["phase"] == "Succeeded"


def test_what_is_live_differs_from_files_that_are_not_committed(root, app):
    app("sync", "--all", "--quiet")
    write(root, {"web/cm.yaml": cm("web", 2)})
    said = app("diff", "web")
    assert said.code == 1
    assert '+  value: "2"' in said.out or "+  value: '2'" in said.out
    assert app("diff", "web", "--revision", "HEAD").code == 0
    assert app("diff", "--all", "-o", "markdown").out.startswith("1 Applications differ from what is live.")
    assert app("sync", "web", "--local", "--quiet").code == 0
    assert app("diff", "web").code == 0


def test_two_revisions_are_compared(root, app):
    first = commit(root)
    write(root, {"web/cm.yaml": cm("web", 2)})
    second = commit(root)
    assert app("diff", "--all", "--revision", first, "--to", second, "-o", "name").out.split() == ["web"]
    assert app("diff", "--all", "--to", second).code == 2
    assert app("diff", "--all", "--base", first, "--target", "directory").code == 2


def test_a_diff_without_anything_to_compare_with_is_wrong_usage(root, app):
    (root / "holkas.yaml").unlink()
    said = app("diff", "--all")
    assert said.code == 2
    assert "--base" in said.err


def test_a_dry_run_changes_and_records_nothing(root, app):
    said = app("sync", "--all", "--dry-run", "-o", "json")
    assert [one["phase"] for one in said.json["items"]] == ["Succeeded", "Succeeded"]
    assert not (root / "live").exists()
    assert app("history", "web").code == 2


def test_a_rollback_lasts_until_something_else_is_desired(root, app):
    app("sync", "--all", "--quiet")
    write(root, {"web/cm.yaml": cm("web", 2)})
    commit(root)
    app("sync", "web", "--quiet")
    assert app("rollback", "web", "--quiet", "--reason", "broken").code == 0
    assert "'1'" in live(root, "web").read_text().replace('"', "'")
    write(root, {"db/cm.yaml": cm("db", 7)})
    commit(root)  # of another application
    assert app("watch", "--once").code == 0
    assert "'1'" in live(root, "web").read_text().replace('"', "'")
    assert "'7'" in live(root, "db").read_text().replace('"', "'")
    assert app("get", "web", "-o", "json").json["hold"] == {"id": 0, "reason": "broken"}
    assert [one["held"] for one in app("history", "web", "-o", "json").json["items"]] == [True, False, False]
    write(root, {"web/cm.yaml": cm("web", 3)})
    commit(root)
    assert app("watch", "--once").code == 0
    assert "'3'" in live(root, "web").read_text().replace('"', "'")
    assert app("get", "web", "-o", "json").json["hold"] is None


def test_a_rollback_can_be_kept_until_somebody_syncs(root, app):
    app("sync", "--all", "--quiet")
    write(root, {"web/cm.yaml": cm("web", 2)})
    commit(root)
    app("sync", "web", "--quiet")
    assert app("rollback", "web", "0", "--until-released", "--quiet").code == 0
    write(root, {"web/cm.yaml": cm("web", 3)})
    commit(root)
    app("watch", "--once")
    assert "'1'" in live(root, "web").read_text().replace('"', "'")
    assert "Kept at" in app("get", "web").out
    app("sync", "web", "--quiet")
    assert "'3'" in live(root, "web").read_text().replace('"', "'")


def test_a_rollback_to_nothing_is_told(root, app):
    assert app("rollback", "web").code == 2
    app("sync", "--all", "--quiet")
    assert app("rollback", "web", "9").code == 2


def test_a_watch_heals_and_prunes(root, app):
    assert app("watch", "--once").code == 0
    live(root, "web").unlink()
    write(root, {"db/cm.yaml": cm("other")})
    commit(root)
    assert app("watch", "--once").code == 0
    assert live(root, "web").is_file()
    assert live(root, "other").is_file()
    assert not live(root, "db").exists()


def test_only_some_resources_are_synced(root, app):
    write(root, {"web/more.yaml": cm("more")})
    commit(root)
    app("sync", "db", "--quiet")
    assert app("sync", "web", "--resource", ":ConfigMap:ns/more", "--quiet").code == 0
    assert live(root, "more").is_file()
    assert not live(root, "web").exists()
    assert app("sync", "web", "--resource", "!:ConfigMap:more", "--quiet").code == 0
    assert live(root, "web").is_file()
    assert app("sync", "web", "--resource", ":Secret:none").code == 2
    assert app("sync", "web", "--resource", "none").code == 2
    assert app("history", "web", "-o", "name").out == ""


def test_what_is_no_longer_desired_is_pruned_when_asked(root, app):
    app("sync", "--all", "--quiet")
    write(root, {"web/cm.yaml": cm("other")})
    commit(root)
    said = app("sync", "web")
    assert said.code == 0
    assert "PruneSkipped" in said.err
    assert live(root, "web").is_file()
    assert app("sync", "web", "--prune", "--quiet").code == 0
    assert not live(root, "web").exists()


def test_names_that_nobody_has(root, app):
    said = app("sync", "wed")
    assert said.code == 2
    assert "close: web" in said.err
    assert app("sync").code == 2
    assert app("get", "none").code == 2
    assert app("history", "none").code == 2
    assert app("list", "-l", "part").code == 2
    assert app("list", "--target", "nothing").code == 2


def test_an_application_that_cannot_be_rendered_is_not_synced(root, app):
    write(root, {"apps/bad.yaml": manifest_text("bad", {"path": "nothing"})})
    commit(root)
    said = app("sync", "bad")
    assert said.code == 1
    assert "ComparisonError" in said.err
    assert app("get", "bad", "-o", "json").json["sync"] == "Unknown"
    assert app("diff", "bad").code == 2


def test_a_failed_sync_fails_what_depends_on_it(root, app):
    (root / "live" / "x" / "ns").mkdir(parents=True)
    (root / "live" / "x" / "ns" / "ConfigMap").write_text("in the way")
    said = app("sync", "--all", "-o", "json", "--quiet")
    assert said.code == 1
    assert [(one["name"], one["phase"]) for one in said.json["items"]] == [
        ("db", "Failed"),
        ("web", "Failed"),
    ]
    assert "not begun" in said.json["items"][1]["message"]


def test_waiting_ends_with_its_time(root, app):
    said = app("wait", "web", "--timeout", "0.1")
    assert said.code == 124
    assert "web: OutOfSync" in said.err
    app("sync", "--all", "--quiet")
    assert app("wait", "web", "--health", "--timeout", "5").code == 0
    assert app("wait", "web", "--degraded", "--timeout", "0.1").code == 124


def test_nothing_goes_on_that_could_be_ended(root, app):
    assert app("terminate-op", "web").code == 2


def test_the_graph_shows_order_and_rings(root, app):
    assert app("graph").out.splitlines() == ["1  db", "2  web waits for db"]
    assert app("graph", "-o", "json").json["layers"] == [["db"], ["web"]]
    assert (
        "a0 --> a1" in app("graph", "-o", "mermaid").out or "a1 --> a0" in app("graph", "-o", "mermaid").out
    )
    assert app("graph", "-o", "dot").out.startswith("digraph")
    write(root, {"apps/db.yaml": declared("db", "web,nobody")})
    said = app("graph", "--local")
    assert said.code == 1
    assert "wait for each other" in said.err
    assert "nobody declares" in said.err
    assert app("sync", "--all", "--local").code == 1


def test_applications_that_bring_others_along_are_in_the_graph(root, app):
    write(
        root,
        {
            "apps/parent.yaml": declared("parent"),
            "parent/child.yaml": declared("child"),
            "child/cm.yaml": cm("c"),
        },
    )
    commit(root)
    assert "parent brings child" in app("graph").out
    assert '"parent": [' in app("graph", "-o", "json").out


HEALTHY = """
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
  - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p}, status: {phase: PHASE}}
"""


@pytest.mark.parametrize(("phase", "code"), [("Bound", 0), ("Pending", 3), ("Lost", 1)])
def test_health_of_manifests(root, app, phase, code):
    write(root, {"state.yaml": HEALTHY.replace("PHASE", phase)})
    said = app("health", "state.yaml", "-o", "json")
    assert said.code == code
    assert said.json["items"][0]["health"] == ""


def test_health_by_checks_of_ones_own(root, app):
    script = 'hs = {}; hs.status = "Degraded"; hs.message = "mine"; return hs'
    write(root, {"state.yaml": HEALTHY.replace("PHASE", "Bound"), "lua/ConfigMap/health.lua": script})
    said = app("health", "state.yaml", "--health-checks", "lua")
    assert said.code == 1
    assert "mine" in said.out
    assert app("health", "state.yaml", "--health-checks", "none").code == 1


def test_a_window_of_the_project_holds_a_sync_back(root, app):
    window = {"kind": "deny", "schedule": "* * * * *", "duration": "1h", "applications": ["*"]}
    spec = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "syncWindows": [window],
    }
    project = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "default"},
        "spec": spec,
    }
    write(root, {"apps/project.yaml": json.dumps(project)})
    commit(root)
    said = app("sync", "db")
    assert said.code == 1
    assert "sync window" in said.err


def test_applications_of_a_repository_elsewhere_are_fetched_at_every_look(
    root, tmp_path, monkeypatch, capsys
):
    """Its own settings count for nothing; here only the target and the address are said."""
    here = tmp_path / "here"
    write(here, {"holkas.yaml": f"app: {{target: directory, repository: '{root}'}}\n"})
    monkeypatch.chdir(here)
    run = Commands(here, capsys)
    assert run("app", "list", "-o", "name").out.split() == ["db", "web"]
    assert run("app", "watch", "--once").code == 0
    assert live(here, "web").is_file()
    write(root, {"web/cm.yaml": cm("web", 2)})
    second = commit(root)
    assert run("app", "watch", "--once").code == 0
    assert "2" in live(here, "web").read_text()
    history = run("app", "history", "web", "-o", "json").json["items"]
    assert history[-1]["revisions"] == [second]
    assert run("app", "sync", "--all", "--local").code == 2
    assert run("app", "diff", "--all").code == 0
    assert run("app", "list", "--revision", "nothing").code == 1
    assert len(list((tmp_path / "state" / "applications" / "checkouts").glob("*/*"))) == 1


def test_what_is_no_longer_declared_can_be_deleted(root, app):
    app("sync", "--all", "--quiet")
    assert app("delete", "web", "-y").code == 1
    (root / "apps" / "web.yaml").unlink()
    write(root, {"db/more.yaml": cm("more")})
    commit(root)
    assert app("watch", "--once").code == 0
    assert live(root, "web").is_file()
    said = app("delete", "web", "-y")
    assert said.code == 0, said
    assert "all resources are gone" in said.out
    assert not live(root, "web").exists()
    assert live(root, "db").is_file()
    assert app("delete", "none", "-y").code == 2


def test_deleting_asks(root, app):
    write(root, {"apps/db.yaml": declared("db")})
    commit(root)
    app("sync", "db", "--quiet")
    assert app("delete", "db").code != 0
    assert live(root, "db").is_file()
    assert app("delete", "db", "--yes").code == 0
    assert not live(root, "db").exists()


def test_what_is_waited_for_in_vain_is_told(root, app):
    said = app("sync", "web", "--timeout", "0.1")
    assert said.code == 1
    assert "web waits for db" in said.err
    assert said.err.count("waiting for db to be synced and healthy") <= 1


def test_a_sync_by_somebody_else_is_waited_for(root, app, tmp_path):
    app("sync", "db", "--quiet")
    (directory,) = (tmp_path / "state" / "applications").iterdir()
    lock = OwnerLock(directory / "db.lock")
    assert lock.take()
    said = app("sync", "db", "--timeout", "0.1", "-o", "json", "--quiet")
    assert said.code == 124
    assert said.json["items"][0]["phase"] == "Running"
    lock.release()
    assert app("sync", "db", "--quiet", "--strategy", "apply", "--retry-limit", "1").code == 0


def test_a_sync_that_was_cut_short_is_finished_first(root, app, tmp_path):
    """As if the process had been killed after it had recorded what it was about to do."""
    app("sync", "db", "--quiet")
    installation = next((tmp_path / "state" / "applications").iterdir()).name
    ledger = Ledger(tmp_path / "state")
    book = Book(ledger, installation, "db")
    last = book.view["history"][-1]
    book.start(Operation(id=0, desired=last["desired"], revisions=tuple(last["revisions"]), by="anna"))
    ledger.close()
    assert "Going on:" in app("get", "db").out
    assert app("sync", "db", "--quiet").code == 0
    assert [one["by"] == "anna" for one in app("history", "db", "-o", "json").json["items"]] == [
        False,
        True,
        False,
    ]


def test_a_sync_that_was_cut_short_can_be_ended(root, app, tmp_path):
    app("sync", "db", "--quiet")
    installation = next((tmp_path / "state" / "applications").iterdir()).name
    ledger = Ledger(tmp_path / "state")
    book = Book(ledger, installation, "db")
    book.start(Operation(id=0, desired=book.view["history"][-1]["desired"], by="anna"))
    ledger.close()
    assert app("wait", "db", "--operation", "--timeout", "0.1").code == 124
    assert app("terminate-op", "db").code == 0
    assert app("get", "db", "-o", "json").json["last"]["message"] == "Operation terminated"
