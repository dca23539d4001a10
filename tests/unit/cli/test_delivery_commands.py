"""The commands about deliveries in this process, with a pipeline that builds and one that checks."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    pipeline: {file: ci/build.yaml, params: {text: "$(revision.short)"}}
    artifacts:
      - {name: shop, path: dist, version: "1.$(results.number)-$(revision.short)", sbom: sbom.json}
    environments:
      - name: dev
        destination: run/dev
        config: {files: {etc: config}, values: {COLOUR: blue}}
        checks: {before: [ci/ready.yaml], after: [{file: ci/smoke.yaml, params: {version: $(artifacts.shop.version)}}]}
      - name: prod
        destination: run/prod
        config: {values: {COLOUR: green}}
        gate: {approvers: [boss]}
    feedback: [{notifier: file, tell: [failure, recovery, approval]}]
"""

BUILD = """
    apiVersion: tekton.dev/v1
    kind: Pipeline
    metadata: {name: build}
    spec:
      params: [{name: text}]
      workspaces: [{name: source}]
      results: [{name: number, value: $(tasks.make.results.number)}]
      tasks:
        - name: make
          workspaces: [{name: source}]
          params: [{name: text, value: $(params.text)}]
          taskSpec:
            params: [{name: text}]
            workspaces: [{name: source}]
            results: [{name: number}]
            steps:
              - name: make
                image: busybox
                script: |
                  cd $(workspaces.source.path)
                  mkdir dist && cp page dist/page && echo '{"bomFormat": "CycloneDX"}' > sbom.json
                  echo built $(params.text)
                  if grep -q broken page; then echo "cannot build"; exit 3; fi
                  printf 7 > $(results.number.path)
"""

CHECK = """
    apiVersion: tekton.dev/v1
    kind: Task
    metadata: {name: NAME}
    spec:
      params: [{name: version, default: none}]
      workspaces: [{name: source}]
      steps:
        - name: look
          image: busybox
          script: |
            echo looking at $(params.version)
            rm -f $(workspaces.source.path)/config/app.ini
            ! grep -q bad $(workspaces.source.path)/page
"""


def git(directory, *words):
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


@pytest.fixture
def shop(holkas):
    holkas.file("holkas.yaml", CONFIG)
    holkas.file("ci/build.yaml", BUILD)
    for name in ("ready", "smoke"):
        holkas.file(f"ci/{name}.yaml", CHECK.replace("NAME", name))
    holkas.file("config/app.ini", "a=1")
    holkas.file(".gitignore", "run/\n")
    git(holkas.directory, "init", "-q", "-b", "main")
    commit(holkas, "one")
    return holkas


def commit(holkas, text):
    holkas.file("page", text)
    git(holkas.directory, "add", "-A")
    git(holkas.directory, "commit", "-q", "-m", text)


def deployed(holkas, environment):
    return (holkas.directory / "run" / environment / "current" / "content" / "shop" / "page").read_text()


def test_build_checks_gate_and_the_way_back(shop):
    said = shop("deliver", "--progress", "plain", "--reason", "first")
    assert said.code == 3, said.err
    assert "built" in said.err
    assert "looking at 1.7-" in said.err
    assert "smoke" in said.err
    config = shop.directory / "run" / "dev" / "current" / "config"
    assert [path.read_text() for path in config.rglob("app.ini")] == ["a=1"]
    assert shop("status").out.count("Healthy") == 1
    assert "approval" in shop("status", "--all").out
    assert "waiting" in shop("why", "prod").out

    assert shop("approve", "prod", "--as", "mallory", "-m", "please").code == 1
    assert shop("approve", "prod", "-d", "1", "--as", "boss").code == 0
    assert deployed(shop, "prod") == "one"
    why = shop("why", "prod").out
    assert all(word in why for word in ("built by", "approved   by boss", "artifact   shop 1.7-", "one"))

    commit(shop, "two")
    assert shop("deliver", "--progress", "quiet").code == 3
    assert shop("promote", "prod", "--as", "boss", "--progress", "json").code == 0
    assert deployed(shop, "prod") == "two"
    assert "COLOUR" not in shop("why", "prod").out
    assert shop("rollback", "prod", "-m", "slow").code == 0
    assert deployed(shop, "prod") == "one"
    assert shop("rollback", "prod").code == 1
    assert "quarantine" in shop("status").out
    assert "quarantine" in shop("why", "prod").out

    assert shop("history").out.count("succeeded") == 2
    assert "rolled back" in shop("history", "prod").out
    assert shop("env", "list").out.count("push") == 2
    assert shop("env", "diff", "dev", "prod").code == 1
    assert shop("env", "diff", "dev", "dev", "-o", "json").json["items"] == []
    assert "prod" in shop("metrics", "dora", "--definitions").out
    assert "all sound" in shop("events", "verify").out
    assert "rollback.finished" in shop("events", "tail").out
    assert json.loads(shop("events", "tail", "-n", "1", "-o", "json").out)["number"] >= 1
    exported = [json.loads(line) for line in shop("events", "export", "--project", "shop").out.splitlines()]
    assert {"dev.cdevents.build.finished.0.2.0", "dev.cdevents.testsuiterun.finished.0.2.0"} <= {
        event["type"] for event in exported
    }
    assert shop("events", "export", "--project", "other").out == ""


def test_a_build_that_fails_tells_the_last_lines_and_how_to_see_it(shop, tmp_path):
    commit(shop, "broken")
    said = shop("deliver", "--progress", "quiet")
    assert (said.code, "failed at build" in said.out) == (1, True)
    files = [path for path in tmp_path.rglob("*notice*") if path.is_file()]
    notices = [json.loads(line) for path in files for line in path.read_text().splitlines()]
    assert "cannot build" in notices[-1]["text"]
    assert notices[-1]["command"][:5] == ["holkas", "run", "ci/build.yaml", "-w", "source=."]
    assert [person["email"] for person in notices[-1]["recipients"]] == ["anna@example.org"]
    assert shop("deliver").code == 1
    assert "failing" not in shop("status").out
    assert shop("history", "-o", "name").out == "1\n"


def test_a_pipeline_that_takes_too_long_is_ended(shop):
    shop.file("ci/build.yaml", BUILD.replace("printf 7", "sleep 300; printf 7"))
    shop.file("holkas.yaml", CONFIG.replace("ci/build.yaml,", "ci/build.yaml, timeout: 500ms,"))
    commit(shop, "slow")
    said = shop("deliver", "--progress", "quiet")
    assert (said.code, "failed at build" in said.out) == (1, True)


def test_a_check_that_fails_stops_it_and_the_next_commit_mends_it(shop):
    commit(shop, "bad")
    assert "failed at dev: ready" in shop("deliver", "--progress", "quiet").out
    commit(shop, "two")
    assert shop("deliver", "--progress", "quiet").code == 3
    assert shop("reject", "prod", "--as", "boss").code == 1
    assert shop("deliver", "--retry", "--progress", "quiet").code == 3
    assert shop("deliver", "--wait", "--timeout", "0", "--progress", "quiet").code == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("why", "prod"), 1),
        (("env", "diff", "dev", "prod"), 2),
        (("approve", "moon"), 1),
        (("promote", "prod"), 1),
        (("rollback", "moon"), 1),
        (("history",), 0),
        (("status",), 0),
        (("deliver", "no-such-branch"), 1),
        (("deliver", "--", "--upload-pack=x"), 1),
        (("events", "verify", "--head", "x"), 1),
    ],
)
def test_before_anything_was_delivered(shop, words, code):
    said = shop(*words)
    assert said.code == code, said.err


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("ci/build.yaml", "a: [", "cannot be read"),
        ("ci/build.yaml", "kind: Nothing", "nothing that can be run"),
        (
            "ci/build.yaml",
            "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: x}\nspec: {tasks: 3}",
            "ci/build.yaml",
        ),
        (
            "holkas.yaml",
            "pipeline: nowhere.yaml\nartifacts: [{name: a, path: b}]\nenvironments: [{name: dev}]",
            "No such file",
        ),
        ("holkas.yaml", "artifacts: [{name: a, path: b}]\nenvironments: [{name: dev}]", "has made no b"),
        ("holkas.yaml", "artifacts: [{name: a, result: b}]\nenvironments: [{name: dev}]", "no result 'b'"),
        (
            "holkas.yaml",
            "artifacts: [{name: a, path: page}]\nenvironments: [{name: dev, config: {secrets: {A: nowhere}}}]",
            "nowhere",
        ),
        (
            "holkas.yaml",
            "artifacts: [{name: a, path: page, version: $(results.x)}]\nenvironments: [{name: dev}]",
            "no $(results.x)",
        ),
        (
            "holkas.yaml",
            "artifacts: [{name: a, path: page}]\nenvironments: [{name: dev, checks: {after: [nowhere.yaml]}}]",
            "nowhere.yaml",
        ),
    ],
)
def test_what_cannot_be_delivered_fails_with_a_sentence(shop, path, text, words):
    shop.file(path, text)
    commit(shop, "two")
    said = shop("deliver", "--progress", "quiet")
    assert said.code in (1, 2), said.err
    assert words in said.out + said.err
