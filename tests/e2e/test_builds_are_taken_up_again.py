"""A build whose process was killed goes on; it is not run twice."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.command_line import Shell

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    pipeline: pipeline.yaml
    artifacts:
      - {name: shop, path: out}
    environments:
      - {name: dev, destination: DIR/dev}
"""

PIPELINE = """
    apiVersion: tekton.dev/v1
    kind: Pipeline
    metadata: {name: build}
    spec:
      workspaces: [{name: source}]
      tasks:
        - name: first
          workspaces: [{name: source}]
          taskSpec:
            workspaces: [{name: source}]
            steps: [{name: a, image: busybox, script: "echo first >> $(workspaces.source.path)/out"}]
        - name: second
          runAfter: [first]
          workspaces: [{name: source}]
          taskSpec:
            workspaces: [{name: source}]
            steps:
              - name: a
                image: busybox
                script: |
                  cd $(workspaces.source.path)
                  if mkdir begun; then sleep SECONDS; fi
                  echo second >> out
"""

KILLED_AT_THE_END = """
import os, signal, sys
from holkas.delivery_engine import building
from holkas.delivery_engine.pipelines import carry_out
def dying(*args):
    carry_out(*args)
    os.kill(os.getpid(), signal.SIGKILL)
building.carry_out = dying
from holkas.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def shop(tmp_path):
    shell = Shell(tmp_path / "shop", env={"HOLKAS_STATE_DIR": str(tmp_path / "state")})
    shell.file("holkas.yaml", CONFIG.replace("DIR", str(tmp_path)))
    shell.file("pipeline.yaml", PIPELINE.replace("SECONDS", shell.seconds))
    commit(shell, ("init", "-q"))
    return shell


def commit(shell, *before):
    for words in (*before, ("add", "-A"), ("commit", "-q", "-m", "it")):
        command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
        subprocess.run(command, cwd=shell.directory, check=True)


def die_after_the_build(shell):
    """Kill the process when the run has ended and nothing has noted it."""
    command = [sys.executable, str(shell.file("../killed.py", KILLED_AT_THE_END)), "deliver"]
    died = subprocess.run(
        command, cwd=shell.directory, env=shell.environment(), capture_output=True, timeout=60, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


def built(shell):
    """What the pipeline wrote, and how many runs there were."""
    path = shell.directory.parent / "dev" / "current" / "content" / "shop"
    return path.read_text().split(), len(shell("runs", "list", "-o", "json").json["items"])


def test_killed_in_the_middle_it_goes_on_with_the_same_run(shop):
    process = shop.start("deliver")
    begun = shop.directory.parent / "state/deliveries/shop/00000001/workspace/begun"
    deadline = time.monotonic() + 60
    try:
        while not begun.exists():
            assert process.poll() is None and time.monotonic() < deadline, process.communicate()
            time.sleep(0.01)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert shop("deliver").code == 0
    assert built(shop) == (["first", "second"], 1)


def test_killed_after_the_last_task_the_outcome_is_taken(shop):
    shop.file("begun/kept", "the second task waits only where this is not")
    commit(shop)
    die_after_the_build(shop)
    assert shop("deliver").code == 0
    assert built(shop) == (["first", "second"], 1)


def test_a_run_that_is_gone_is_begun_anew(shop):
    shop.file("begun/kept", "the second task waits only where this is not")
    commit(shop)
    die_after_the_build(shop)
    with sqlite3.connect(shop.directory.parent / "state" / "holkas.db") as connection:
        connection.execute("DELETE FROM events")
        connection.execute("DELETE FROM runs")
    assert shop("deliver").code == 0
    assert built(shop) == (["first", "second"], 1)
