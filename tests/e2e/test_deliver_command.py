"""``holkas deliver`` and its companions with the built-in tools: git, a directory of artifacts, the local agent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from tests.command_line import Shell

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    artifacts:
      - {name: shop, path: app}
    environments:
      - name: dev
        destination: DIR/dev
        config: {values: {COLOUR: blue}, files: [config/app.ini]}
      - name: prod
        destination: DIR/prod
        config: {values: {COLOUR: green}, secrets: {PASSWORD: shop/db#password}}
        gate: {approvers: [boss]}
    feedback:
      - {notifier: file, tell: [failure, approval]}
"""

KILLED = """
import os, signal, sys
from holkas.state.ledger import Ledger
append, count, fatal = Ledger.append_all, 0, int(sys.argv[1])
def dying(self, *args, **more):
    global count
    made = append(self, *args, **more)
    count += 1
    if count == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
Ledger.append_all = dying
from holkas.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


def git(directory, *words):
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path):
    directory = tmp_path / "shop"
    directory.mkdir()
    shell = Shell(
        directory, env={"HOLKAS_STATE_DIR": str(tmp_path / "state"), "XDG_DATA_HOME": str(tmp_path / "data")}
    )
    shell.file("holkas.yaml", CONFIG.replace("DIR", str(tmp_path)))
    shell.file("app/index.html", "one")
    shell.file("config/app.ini", "a = 1")
    git(directory, "init", "-q", "-b", "main")
    commit(shell, "one")
    assert shell("secrets", "set", "shop/db", "password", stdin="hunter2-hunter2").code == 0
    return shell


def commit(shell, text):
    shell.file("app/index.html", text)
    git(shell.directory, "add", "-A")
    git(shell.directory, "commit", "-q", "-m", text)


def deployed(shell, environment):
    found = list((shell.directory.parent / environment / "current" / "content").rglob("index.html"))
    return found[0].read_text() if found else ""


def test_from_a_commit_to_production_and_back(shop):
    said = shop("deliver")
    assert said.code == 3, said.err
    assert "holkas approve prod" in said.err
    assert (deployed(shop, "dev"), deployed(shop, "prod")) == ("one", "")

    assert shop("deliver").code == 3
    assert shop("approve", "prod", "--as", "mallory").code == 1
    assert shop("approve", "prod", "--as", "boss").code == 0
    assert deployed(shop, "prod") == "one"
    assert shop("deliver").code == 0

    commit(shop, "two")
    assert shop("deliver").code == 3
    assert shop("promote", "prod", "--as", "boss").code == 0
    assert (deployed(shop, "dev"), deployed(shop, "prod")) == ("two", "two")

    assert shop("rollback", "prod", "-m", "too slow").code == 0
    assert deployed(shop, "prod") == "one"
    assert shop("deliver").code == 0
    assert deployed(shop, "prod") == "one"

    board = {item["environment"]: item for item in shop("status", "-o", "json").json["items"]}
    assert board["dev"]["delivery"] == 2
    assert (board["prod"]["delivery"], board["prod"]["health"], board["prod"]["gate"]) == (
        1,
        "Healthy",
        "manual",
    )
    assert board["prod"]["quarantine"] == [board["dev"]["revision"]]
    difference = shop("env", "diff", "dev", "prod")
    assert (difference.code, "hunter2" in difference.out) == (1, False)
    assert shop("events", "verify").code == 0
    written = b"".join(path.read_bytes() for path in shop.directory.parent.glob("state/ledger*"))
    assert b"hunter2" not in written


def test_two_commands_at_once_make_one_delivery(shop):
    both = [shop.start("deliver") for _ in range(2)]
    try:
        assert [process.wait(60) for process in both] == [3, 3]
    finally:
        for process in both:
            process.kill()
            process.communicate()
    kinds = [
        json.loads(line)["type"] for line in shop("events", "export", "--format", "entries").out.splitlines()
    ]
    assert kinds.count("delivery.requested") == kinds.count("artifact.published") == 1
    assert kinds.count("deployment.started") == 1
    assert shop("events", "verify").code == 0


def test_waiting_ends_with_the_approval(shop):
    waiting = shop.start("deliver", "--wait", "--timeout", "60")
    try:
        for _ in range(200):
            if shop("approve", "prod", "--as", "boss").code == 0:
                break
        assert waiting.wait(60) == 0
    finally:
        waiting.kill()
        waiting.communicate()
    assert deployed(shop, "prod") == "one"


def test_a_changed_row_is_found(shop):
    import sqlite3

    shop("deliver")
    head = shop("events", "verify", "-o", "json").json["head"]
    assert shop("events", "verify", "--head", head).code == 0
    assert shop("events", "verify", "--head", "0" * 64).code == 1
    with sqlite3.connect(shop.directory.parent / "state" / "ledger.db") as connection:
        connection.execute("DROP TRIGGER entries_are_not_changed")
        connection.execute("UPDATE entries SET data = replace(data, 'anna', 'bert') WHERE seq = 1")
        connection.execute("UPDATE entries SET time = time - 1 WHERE seq = 2")
    said = shop("events", "verify")
    assert (said.code, "entry 2" in said.out) == (1, True)


def test_killed_after_any_commit_it_goes_on_where_it_was(shop):
    script = shop.file("../killed.py", KILLED)
    codes = []
    for fatal in range(1, 40):
        state = shop.directory.parent / f"state-{fatal}"
        for environment in ("dev", "prod"):
            shutil.rmtree(shop.directory.parent / environment, ignore_errors=True)
        env = shop.environment({"HOLKAS_STATE_DIR": str(state)})
        shutil.copytree(shop.directory.parent / "state", state)
        died = subprocess.run(
            [sys.executable, str(script), str(fatal), "deliver"],
            cwd=shop.directory,
            env=env,
            capture_output=True,
            check=False,
        )
        codes.append(died.returncode)
        again = {"HOLKAS_STATE_DIR": str(state)}
        assert shop("deliver", env=again).code == 3, fatal
        assert (deployed(shop, "dev"), deployed(shop, "prod")) == ("one", "")
        said = shop("events", "export", "--format", "entries", env=again).out.splitlines()
        kinds = [json.loads(line)["type"] for line in said]
        assert kinds.count("artifact.published") == kinds.count("delivery.requested") == 1
        assert kinds.count("environment.passed") == 1
        if died.returncode != -9:
            break
    assert codes.count(-9) >= 4
    assert codes[-1] == 3


def test_what_is_missing_is_told(tmp_path):
    shell = Shell(tmp_path)
    said = shell("deliver")
    assert (said.code, "C006" in said.err) == (2, True)
    assert shell("status").code == 0
    assert "nothing was delivered yet" in shell("status").err
