"""``holkas serve`` with the built-in tools and webhooks signed as the forges sign them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

import pytest

from tests.command_line import eventually

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SECRET = "a long secret of the webhook"
CONFIG = """
    project: shop
    artifacts: [{name: shop, path: app}]
    environments:
      - {name: dev, destination: DIR/dev}
    triggers: {webhook: hooks/forge#secret}
    operations:
      - {name: look, environments: [dev], pipeline: look.yaml}
"""
LOOK = """
    apiVersion: tekton.dev/v1
    kind: Task
    metadata: {name: look}
    spec:
      workspaces: [{name: source}]
      steps:
        - {name: look, image: busybox, script: "cat $(workspaces.source.path)/app/index.html"}
"""
PUSH = {"ref": "refs/heads/main", "before": "0" * 40, "after": "1" * 40}
BITBUCKET = {"push": {"changes": [{"new": {"type": "branch", "name": "main", "target": {"hash": "1" * 40}}}]}}
GITLAB = {"object_kind": "push", **PUSH}


def signed(payload, header, **headers):
    body = json.dumps(payload).encode()
    return body, {**headers, header: hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}


def github(payload):
    body, headers = signed(payload, "X-Hub-Signature-256", **{"X-GitHub-Event": "push"})
    return body, {**headers, "X-Hub-Signature-256": f"sha256={headers['X-Hub-Signature-256']}"}


FORGES = {
    "github": github(PUSH),
    "gitea": signed(PUSH, "X-Gitea-Signature", **{"X-Gitea-Event": "push"}),
    "gitlab": (json.dumps(GITLAB).encode(), {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": SECRET}),
    "bitbucket": signed(BITBUCKET, "X-Hub-Signature", **{"X-Event-Key": "repo:push"}),
}
FORGES["bitbucket"][1]["X-Hub-Signature"] = f"sha256={FORGES['bitbucket'][1]['X-Hub-Signature']}"


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
    here.file("look.yaml", LOOK)
    git(here.directory, "init", "-q", "-b", "main")
    git(here.directory, "add", "-A")
    git(here.directory, "commit", "-q", "-m", "one")
    assert here.shell("secrets", "set", "hooks/forge", "secret", stdin=SECRET).code == 0
    return here


def commit(shop, text):
    shop.file("app/index.html", text)
    git(shop.directory, "commit", "-qam", text)


def deployed(shop, place="dev"):
    path = shop.directory.parent / place / "current" / "content" / "shop" / "index.html"
    return path.read_text() if path.exists() else ""


def post(url, body, headers):
    request = urllib.request.Request(
        url, body, {"Content-Type": "application/json", **headers}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_webhooks_of_every_forge_deliver_what_is_committed(shop):
    log = shop.directory.parent / "serve.log"
    with log.open("wb") as errors:
        server = shop.shell.start("serve", "--port", "0", stderr=errors, stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: re.search(r"listening on (\S+)", log.read_text()))
        url = re.search(r"listening on (\S+)", log.read_text())[1] + "/hook"
        for forge, (body, headers) in FORGES.items():
            commit(shop, f"from {forge}")
            assert post(url, body, headers) == 202, forge
            eventually(lambda text=f"from {forge}": deployed(shop) == text)
        commit(shop, "from a stranger")
        body, headers = FORGES["github"]
        assert post(url, body, {**headers, "X-Hub-Signature-256": "sha256=" + "0" * 64}) == 403
        assert post(url, body, {"X-GitHub-Event": "push"}) == 403
        assert post(url, *signed(["push"], "X-Gitea-Signature", **{"X-Gitea-Event": "push"})) == 400
        shop.file("holkas.yaml", "project: [")
        eventually(lambda: "is not taken" in log.read_text())
        moved = CONFIG.replace("DIR/dev", "DIR/moved").replace("DIR", str(shop.directory.parent))
        shop.file("holkas.yaml", moved)
        eventually(lambda: "was read again" in log.read_text())
        commit(shop, "from bitbucket, moved")
        assert post(url, *FORGES["bitbucket"]) == 202
        eventually(lambda: deployed(shop, "moved") == "from bitbucket, moved")
        deletion = github({**PUSH, "after": "0" * 40})
        assert post(url, *deletion) == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    finally:
        server.kill()
        server.wait()
    assert deployed(shop) == "from bitbucket"
    assert SECRET not in log.read_text()
    assert "stopped" in log.read_text()


def test_a_round_for_a_scheduler_of_one_s_own(shop):
    assert shop("serve", "--once").code == 0
    assert deployed(shop) == "one"
    assert shop("operations", "run", "look", "--env", "dev").code == 0
    assert shop("operations", "run", "dance", "--env", "dev").code == 2
    assert shop("operations", "run", "look", "--env", "moon").code == 2


def test_other_machines_reach_it_only_where_that_is_said(shop):
    said = shop("serve", "--host", "0.0.0.0", "--port", "0")
    assert (said.code, "--public" in said.err) == (2, True)
