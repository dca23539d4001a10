"""The commands in this process: what they print, what they keep, how a server in the main thread ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from holkas.cli.event_intake import EventIntake, log_line
from holkas.cli.event_runs import EventRuns
from holkas.cli.event_server import Posted
from holkas.cli.run_queue import RunQueue
from holkas.extensions.importer import RunWish
from holkas.model.run_request import RunOptions
from holkas.model.secret import Secret
from holkas.testing.fakes.build_server import FakeBuildServer
from holkas_compat.tekton.importer import TektonImporter

from tests.command_line import Commands, eventually
from tests.unit.triggers.documents import echo, listener, parsed, task_run, template

TASK = {
    "apiVersion": "tekton.dev/v1",
    "kind": "Task",
    "metadata": {"name": "t"},
    "spec": {
        "params": [{"name": "x"}],
        "steps": [{"image": "alpine", "script": "#!/bin/sh\necho got $(params.x)"}],
    },
}


@pytest.fixture
def holkas(tmp_path, monkeypatch, capsys):
    for name in list(os.environ):
        if name.startswith("HOLKAS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOLKAS_RUN_EXECUTOR", "process")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(tmp_path)
    return Commands(tmp_path, capsys)


def write(*documents, body="{}"):
    from holkas.yaml import dump_all

    Path("el.yaml").write_text(dump_all(documents), encoding="utf-8")
    Path("event.json").write_text(body, encoding="utf-8")


def test_an_event_is_run_here(holkas):
    write(listener(echo("$(body.x)")), TASK, body='{"x": "it"}')
    said = holkas("trigger", "el.yaml", "--event", "event.json", "--progress", "plain", "-o", "json")
    assert said.code == 0
    assert "got it" in said.err
    assert said.json["status"]["conditions"][0]["reason"] == "Succeeded"


@pytest.mark.parametrize("output", ["yaml", "json", "name"])
def test_several_manifests_are_shown(holkas, output):
    write(listener(echo("1"), {**echo("2"), "name": "two"}), TASK)
    said = holkas("trigger", "el.yaml", "--event", "event.json", "--dry-run", "-o", output)
    assert said.code == 0
    if output == "json":
        assert [item["kind"] for item in said.json["items"]] == ["TaskRun", "TaskRun"]
    else:
        assert said.out.lower().count("taskrun") == 2
    assert said.err.splitlines() == ["trigger echo: starts TaskRun", "trigger two: starts TaskRun"]


def test_warnings_are_shown_before_and_errors_stop(holkas):
    write(listener(echo("1", interceptors=[{"ref": {"name": "mine"}}])))
    said = holkas("trigger", "el.yaml", "--event", "event.json")
    assert said.code == 1
    assert "warning[T936]" in said.err
    assert "trigger echo: failed: interceptor mine" in said.err
    write(listener({"name": "x"}), listener({"name": "y"}))
    said = holkas("trigger", "el.yaml", "--event", "event.json")
    assert said.code == 1
    assert "no event is taken: 2 errors" in said.err


def test_a_manifest_that_is_refused_is_shown(holkas):
    bad = echo("1")
    bad["template"] = {"spec": template({**task_run(x="1"), "spec": {"nope": 1}}, x="1")}
    write(listener(bad), TASK)
    said = holkas("trigger", "el.yaml", "--event", "event.json", "--dry-run")
    assert said.code == 1
    assert "error[T010]" in said.err
    assert "nope: 1" in said.err


def test_mistakes_of_the_command_line(holkas):
    write(listener(echo("1")), TASK)
    assert holkas("trigger", "el.yaml", "--event", "gone").code == 2
    assert holkas("trigger", "-", "--event", "-").code == 2
    assert holkas("trigger", "el.yaml", "--event", "event.json", "--listener", "gone").code == 1
    assert holkas("listen", "el.yaml", "--listener", "gone").code == 2
    assert holkas("listen", "el.yaml", "--host", "0.0.0.0").code == 2
    write(TASK)
    assert holkas("trigger", "el.yaml", "--event", "event.json").code == 1
    write({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    assert "nothing here takes events" in holkas("trigger", "el.yaml", "--event", "event.json").err


def test_a_server_takes_an_event_and_ends_on_a_signal(holkas):
    write(listener(echo("$(body.x)")), TASK)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answers = []

    def ask(method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def up():
        try:
            return ask("GET", "/live")[0] == 200
        except OSError:
            return False

    def client():
        try:
            eventually(up)
            answers.append(ask("POST", "/", b'{"x": "it"}'))
            answers.append(ask("POST", "/", b"["))
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=client)
    thread.start()
    said = holkas("listen", "el.yaml", "--port", str(port))
    thread.join()
    assert said.code == 0
    assert [status for status, _ in answers] == [202, 400]
    assert answers[0][1]["eventListener"] == "el"
    assert "trigger=echo starts run-" in said.err
    assert said.err.rstrip().endswith("stopped")
    assert " Succeeded in " in said.err


class Intake:
    """An intake over a build server that runs nothing."""

    def __init__(self, *documents, limit=10, **secrets):
        importer = TektonImporter()
        self.lines = []
        self.server = FakeBuildServer()
        given = {("hook", key): Secret(value) for key, value in secrets.items()}
        receiver = importer.triggers().read(parsed(*documents), given)
        runs = EventRuns(
            importer=importer,
            receiver=receiver,
            wish=RunWish(),
            options=RunOptions(),
            files="el.yaml",
            text="own text",
            secrets=given,
        )
        self.work = RunQueue(lambda: self.server, self.lines.append, limit=limit)
        self.intake = EventIntake(runs, self.work, self.lines.append)

    def take(self, body):
        return self.intake.take(Posted("/", (), body))


def test_an_event_becomes_requests_with_all_that_they_need():
    made = Intake(listener(echo("$(body.x)")), TASK, token="s3cret")
    assert made.take(b'{"x": "it"}').status == 202
    eventually(lambda: made.server.requests)
    (request,) = made.server.requests.values()
    assert request.source == "el.yaml"
    assert request.text.endswith("\n---\nown text")
    assert "kind: TaskRun" in request.text
    assert list(request.catalog.tasks) == ["t"]
    assert request.catalog.secrets["hook"].data["token"].reveal() == b"s3cret"


def test_a_body_at_fault_and_a_file_at_fault_differ():
    assert Intake(listener(echo("1")), TASK).take(b"[]").status == 400
    nothing = listener()
    nothing["spec"] = {"labelSelector": {"matchLabels": {"a": "b"}}}
    answer = Intake(nothing).take(b"{}")
    assert (answer.status, answer.body["errorMessage"]) == (500, "EventListener el selects no trigger")


def test_what_does_not_fit_is_not_taken():
    made = Intake(listener(echo("1"), {**echo("2"), "name": "two"}), TASK, limit=1)
    assert made.take(b"{}").status == 503
    assert not made.server.requests


def test_a_trigger_without_runs_says_so_in_the_log():
    plain = echo("1")
    plain["template"] = {"spec": template(TASK, x="1")}
    made = Intake(listener(plain))
    assert made.take(b"{}").status == 202
    assert made.lines[0].endswith("trigger=echo starts no run")


def test_a_line_of_the_log_is_one_line():
    line = log_line("a\nb\x1b[31mc\r" + "d" * 1000)
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert len(line) < 400
