"""``holkas app watch`` as a process: it heals, takes commits and webhooks, serves metrics, ends well, and is replaced."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import signal
import threading
import urllib.error
import urllib.request

import pytest

from tests.command_line import eventually
from tests.rendering_projects import CONFIG_MAP, commit, manifest_text, repository, write

POLICY = "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n"


def cm(value):
    return CONFIG_MAP.format(name="web", value=value)


class Process:
    """A watch, and the lines that it has said."""

    def __init__(self, shell, *words, env=None):
        self.lines: list[str] = []
        self.process = shell.start("app", "watch", *words, env=env)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line.decode("utf-8", "replace").rstrip())

    def says(self, pattern):
        found = []

        def holds():
            assert self.process.poll() is None, self.lines
            found[:] = [match for line in list(self.lines) if (match := re.search(pattern, line))]
            return found

        eventually(holds)
        return found[0]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture
def started(shell):
    """Starts watches, which end with the test."""
    found = []

    def start(*words, env=None):
        found.append(Process(shell, *words, env=env))
        return found[-1]

    yield start
    for one in found:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(30)


@pytest.fixture
def live(shell):
    files = {
        "apps.yaml": manifest_text("web", {"path": "web"}) + POLICY,
        "web/cm.yaml": cm(1),
        "holkas.yaml": "app: {target: directory}\n",
        ".gitignore": "live\nstate\nxdg\n",
    }
    repository(shell.directory, files)
    return shell.directory / "live" / "x" / "ns" / "ConfigMap" / "web.yaml"


def holds(path, value):
    return lambda: path.is_file() and f'"{value}"' in path.read_text().replace("'", '"')


def test_a_watch_from_its_start_to_its_end(shell, live, started):
    secret = {"HOOK_SECRET": "hush"}
    words = (
        "--interval",
        "3600",
        "--live-interval",
        "3600",  # the directory is followed
        "--metrics-port",
        "0",
        "--webhook",
        "127.0.0.1:0",
    )
    watch = started(*words, "--webhook-secret-variable", "HOOK_SECRET", env=secret)
    metrics = watch.says(r"metrics: (\S+)")[1]
    webhooks = watch.says(r"webhooks: (\S+)")[1]
    eventually(holds(live, 1))
    live.unlink()
    eventually(holds(live, 1))  # healed

    write(shell.directory, {"web/cm.yaml": cm(2)})
    commit(shell.directory)
    body = json.dumps({"ref": "refs/heads/main"}).encode()
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(webhooks, body, "wrong")
    assert caught.value.code == 403
    assert post(webhooks, body, "hush") == 202
    eventually(holds(live, 2))

    def counted():
        with urllib.request.urlopen(metrics, timeout=10) as answer:
            text = answer.read().decode()
        return (
            'holkas_app_sync_total{name="web",phase="Succeeded"} 3' in text and "holkas_app_leader 1" in text
        )

    eventually(counted)
    assert watch.end() == 0
    assert watch.lines[-1] == "stopped"
    assert not any("hush" in line for line in watch.lines)


def post(url, body, secret):
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "ping", "Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def test_another_watch_takes_over_when_the_first_is_killed(shell, live, started):
    words = ("--interval", "0.2", "--jitter", "0", "--live-interval", "0.2")
    first = started(*words)
    eventually(holds(live, 1))
    second = started(*words)
    second.says("another watch leads")
    first.end(signal.SIGKILL)
    write(shell.directory, {"web/cm.yaml": cm(2)})
    commit(shell.directory)
    eventually(holds(live, 2))

    def history():
        return [one["by"] for one in shell("app", "history", "web", "-o", "json").json["items"]]

    eventually(
        lambda: history() == ["", ""]
    )  # what the first one began was gone on with, if it was not at its end
    assert second.end() == 0


def test_a_watch_needs_a_target(shell, live):
    (shell.directory / "holkas.yaml").unlink()
    assert shell("app", "watch").code == 2


@pytest.mark.parametrize(
    "words", [("--webhook", "nowhere"), ("--webhook-secret-variable", "NOT_SET_AT_ALL"), ("--interval", "0")]
)
def test_wrong_options_are_told(shell, live, words):
    assert shell("app", "watch", *words).code == 2
