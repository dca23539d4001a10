"""``holkas operations`` in this process."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    artifacts: [{name: shop, path: page}]
    environments: [{name: dev, destination: run/dev}, {name: prod, destination: run/prod, gate: manual}]
    operations:
      - {name: rotate, environments: [dev], pipeline: rotate.yaml, schedule: "0 3 * * mon", zone: Europe/Zurich}
      - {name: dance}
"""

ROTATE = """
    apiVersion: tekton.dev/v1
    kind: Task
    metadata: {name: rotate}
    spec:
      workspaces: [{name: source}]
      steps: [{name: look, image: busybox, script: "! grep -q bad $(workspaces.source.path)/page"}]
"""


@pytest.fixture
def shop(holkas):
    holkas.file("holkas.yaml", CONFIG)
    holkas.file("rotate.yaml", ROTATE)
    holkas.file(".gitignore", "run/\n")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=holkas.directory, check=True)
    deliver(holkas, "good")
    return holkas


def deliver(holkas, text):
    holkas.file("page", text)
    for words in (("add", "-A"), ("commit", "-q", "-m", text)):
        command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
        subprocess.run(command, cwd=holkas.directory, check=True)
    assert holkas("deliver", "--progress", "quiet").code == 3


def listed(holkas):
    items = holkas("operations", "list", "-o", "json").json["items"]
    return {item["name"]: item for item in items}


def test_they_are_listed_with_their_schedules(shop):
    items = listed(shop)
    assert list(items) == ["dev/rotate", "dev/dance", "prod/dance"]
    assert (items["dev/rotate"]["pipeline"], items["dev/rotate"]["zone"]) == ("rotate.yaml", "Europe/Zurich")
    assert items["dev/rotate"]["next"] > 0
    assert items["dev/dance"]["next"] is None
    assert "0 3 * * mon Europe/Zurich" in shop("operations", "list").out


def test_one_runs_now_and_is_recorded(shop):
    said = shop("operations", "run", "rotate", "--env", "dev", "--as", "ann")
    assert (said.code, said.out) == (0, "rotate in dev: succeeded\n"), said.err
    assert listed(shop)["dev/rotate"]["outcome"] == "succeeded"
    deliver(shop, "bad")
    assert shop("operations", "run", "rotate", "--env", "dev").code == 1
    assert listed(shop)["dev/rotate"]["outcome"] == "failed"
    assert listed(shop)["dev/dance"]["outcome"] == ""


def test_what_nobody_knows_is_told(shop):
    assert shop("operations", "run", "dance", "--env", "dev").code == 1
    said = shop("operations", "run", "rotate", "--env", "prod")
    assert (said.code, "rotate in dev" in said.err) == (2, True)
