"""Push and pull: the same commit ends in the same state, whichever way it goes."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from holkas_builtin.agent.record import read_record

from tests.command_line import eventually

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    artifacts: [{name: shop, path: app}]
    environments:
      - name: pushed
        destination: DIR/pushed
        config: &config
          values: {COLOUR: blue}
          files: [config/app.ini]
          secrets: {PASSWORD: "shop/db#password"}
      - name: pulled
        destination: DIR/pulled
        config: *config
        pull: DIR/config.git
    feedback: [{notifier: file}]
    plugins:
      notifiers: {file: {file: DIR/notices.jsonl}}
"""


def git(directory, *words):
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


@pytest.fixture
def shop(here, tmp_path):
    here.move(
        tmp_path / "shop", HOLKAS_STATE_DIR=str(tmp_path / "state"), XDG_DATA_HOME=str(tmp_path / "data")
    )
    here.file("holkas.yaml", CONFIG.replace("DIR", str(tmp_path)))
    here.file("app/index.html", "one")
    here.file("config/app.ini", "a = 1")
    git(here.directory, "init", "-q", "-b", "main")
    git(here.directory, "add", "-A")
    git(here.directory, "commit", "-q", "-m", "one")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "config.git")
    assert here.shell("secrets", "set", "shop/db", "password", stdin="hunter2-hunter2").code == 0
    return here


def commit(shop, text):
    shop.file("app/index.html", text)
    git(shop.directory, "commit", "-qam", text)


def place(shop, environment):
    return shop.directory.parent / environment / "current"


def page(shop, environment):
    path = place(shop, environment) / "content" / "shop" / "index.html"
    return path.read_text() if path.exists() else ""


def released(shop, environment):
    """Everything of a release that is not its name or its number."""
    record = read_record(place(shop, environment).resolve())
    files = {path.relative_to(place(shop, environment)): path.read_bytes()
             for path in place(shop, environment).rglob("*")
             if path.is_file() and path.name != "release.json"}  # fmt: skip
    return record.id, record.values, record.files, files


def configured(shop, change):
    """Commit a change of the pulled environment's document to the configuration repository."""
    work = shop.directory.parent / "work"
    shutil.rmtree(work, ignore_errors=True)
    git(shop.directory.parent, "clone", "-q", "config.git", "work")
    path = work / "pulled" / "release.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    git(work, "commit", "-qam", "by hand")
    git(work, "push", "-q", "origin", "main")


def test_push_and_pull_end_in_the_same_state(shop):
    assert shop("watch", "--once").code == 0
    assert shop("deliver").code == 0
    assert (page(shop, "pushed"), page(shop, "pulled")) == ("one", "")
    assert shop("watch", "--once").code == 0
    assert released(shop, "pulled") == released(shop, "pushed")
    assert (place(shop, "pulled") / "secrets" / "PASSWORD").read_text() == "hunter2-hunter2"
    assert shop("watch", "--once").code == 0

    commit(shop, "two")
    assert shop("deliver").code == 0
    assert shop("watch", "pulled", "--once").code == 0
    assert released(shop, "pulled") == released(shop, "pushed")
    assert page(shop, "pulled") == "two"

    assert shop("rollback", "pulled").code == 0
    assert shop("watch", "--once").code == 0
    assert (page(shop, "pushed"), page(shop, "pulled")) == ("two", "one")
    log = subprocess.run(
        ["git", "log", "-p"], cwd=shop.directory.parent / "config.git", capture_output=True, check=True
    )
    assert b"hunter2" not in log.stdout
    assert shop("events", "verify").code == 0


def test_drift_is_put_right(shop):
    shop("deliver")
    assert shop("watch", "--once").code == 0
    path = place(shop, "pulled") / "content" / "shop" / "index.html"
    path.parent.chmod(0o755)
    path.chmod(0o644)
    path.write_text("by hand")
    assert shop("watch", "--once").code == 0
    assert page(shop, "pulled") == "one"


def test_it_goes_on_watching_until_it_is_ended(shop):
    watching = shop.shell.start("watch", "--interval", "0.2", "--live-interval", "0.2")
    try:
        for text in ("one", "two"):
            commit(shop, text) if text != "one" else None
            assert shop("deliver").code == 0
            eventually(lambda text=text: page(shop, "pulled") == text)
        watching.terminate()
        assert watching.wait(60) == 0
    finally:
        watching.kill()
        watching.communicate()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda document: document.update(environment="pushed"), "it is for pushed of shop"),
        (lambda document: document["files"].update({"../../x": "0"}), "leaves the release"),
        (lambda document: document["files"].update({"app.ini": "0" * 64}), "not the one that was delivered"),
        (
            lambda document: document["artifacts"][0].update(digest="sha256:" + "0" * 64),
            "only what was built",
        ),
        (lambda document: document.pop("artifacts"), "no release"),
    ],
    ids=["another environment", "a path", "a file", "a digest", "no artifacts"],
)
def test_what_was_not_delivered_is_not_applied(shop, change, told):
    shop("deliver")
    assert shop("watch", "--once").code == 0
    configured(shop, change)
    commit(shop, "two")
    said = shop("watch", "--once")
    assert said.code == 1
    assert told in said.err
    assert page(shop, "pulled") == "one"


def test_who_breaks_what_is_pulled_is_told_and_told_that_it_works_again(shop):
    shop("deliver")
    assert shop("watch", "--once").code == 0
    configured(shop, lambda document: document.pop("artifacts"))
    for _ in range(2):
        assert shop("watch", "--once").code == 1
    notices = [
        json.loads(line) for line in (shop.directory.parent / "notices.jsonl").read_text().splitlines()
    ]
    assert [(one["kind"], [to["email"] for to in one["recipients"]]) for one in notices] == [
        ("failure", ["anna@example.org"])
    ]
    assert "D102" in notices[0]["text"]
    assert "holkas watch pulled --once" in notices[0]["text"]
    commit(shop, "two")
    assert shop("deliver").code == 0
    assert shop("watch", "--once").code == 0
    lines = (shop.directory.parent / "notices.jsonl").read_text().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["failure", "recovery"]
    assert shop("events", "verify").code == 0


def test_only_environments_that_pull_are_watched(shop):
    assert shop("watch", "pushed", "--once").code == 2
    assert shop("watch", "moon", "--once").code == 2
