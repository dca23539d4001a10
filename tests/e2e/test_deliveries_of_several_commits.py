"""Deliveries of different commits that are begun at once, under both rules."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.command_line import Shell

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    concurrency: RULE
    artifacts: [{name: shop, path: page}]
    environments:
      - {name: dev, destination: DIR/dev}
      - {name: prod, destination: DIR/prod, gate: manual}
"""
TEXTS = ("one", "two", "three")


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


class Shop:
    def __init__(self, path):
        self.path = path
        self.shell = Shell(path / "shop", env={"HOLKAS_STATE_DIR": str(path / "state")})

    def begin(self, rule):
        """Three commits, all delivered at once; their exit codes."""
        self.shell.file("holkas.yaml", CONFIG.replace("DIR", str(self.path)).replace("RULE", rule))
        self.git("init", "-q", "-b", "main")
        for text in TEXTS:
            self.shell.file("page", text)
            self.git("add", "-A")
            self.git("commit", "-q", "-m", text)
            self.git("tag", text)
        going = [self.shell.start("deliver", text, "--progress", "quiet") for text in TEXTS]
        try:
            return [process.wait(60) for process in going]
        finally:
            for process in going:
                process.kill()
                process.communicate()

    def git(self, *words):
        command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
        subprocess.run(command, cwd=self.shell.directory, check=True)

    def deployed(self, environment):
        path = self.path / environment / "current" / "content" / "shop"
        return path.read_text() if path.exists() else ""

    def history(self):
        """Message and outcome of each delivery, by number."""
        items = self.shell("history", "-o", "json").json["items"]
        return {item["delivery"]: (item["message"], item["outcome"]) for item in items}

    def waiting(self):
        items = self.shell("status", "-o", "json").json["items"]
        (prod,) = [item for item in items if item["environment"] == "prod"]
        return prod["waiting"] and (prod["waiting"]["delivery"], prod["waiting"]["why"])


def test_the_newest_takes_the_place_of_those_that_wait(shop):
    codes = shop.begin("supersede")
    assert set(codes) <= {1, 3}
    assert codes.count(3) >= 1
    history = shop.history()
    assert sorted(message for message, _ in history.values()) == sorted(TEXTS)
    newest, _ = history[3]
    assert [history[number][1] for number in (1, 2, 3)] == ["superseded", "superseded", ""]
    assert shop.waiting() == (3, "approval")
    assert shop.deployed("dev") == newest
    assert shop.shell("approve", "prod").code == 0
    assert shop.deployed("prod") == newest
    assert shop.shell("events", "verify").code == 0


def test_in_a_queue_each_has_its_turn(shop):
    assert shop.begin("queue") == [3, 3, 3]
    order = [shop.history()[number][0] for number in (1, 2, 3)]
    assert sorted(order) == sorted(TEXTS)
    for number, text in enumerate(order, 1):
        assert shop.waiting() == (number, "approval")
        assert shop.shell("approve", "prod").code == 0
        assert shop.deployed("prod") == text
    assert [outcome for _, outcome in shop.history().values()] == ["succeeded"] * 3
    assert shop.deployed("dev") == order[-1]
    assert shop.shell("events", "verify").code == 0
