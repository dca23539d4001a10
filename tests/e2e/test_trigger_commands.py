"""``holkas trigger`` and ``holkas listen`` from end to end; servers are on 127.0.0.1 and ended by their process id."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.command_line import eventually

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "triggers"
TOKEN = "correct-horse-battery"
SECRET = ("--secret", "webhook/token=env:TOKEN")
SLEEP = "4321.1875"

QUICK = """\
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: quick}
spec:
  triggers:
  - name: hello
    interceptors:
    - ref: {name: cel}
      params: [{name: filter, value: body.go}]
    bindings: [{name: who, value: $(body.who)}, {name: script, value: $(body.script)}]
    template: {ref: hello}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: hello}
spec:
  params: [{name: who}, {name: script, default: "true"}]
  resourcetemplates:
  - apiVersion: tekton.dev/v1
    kind: TaskRun
    metadata: {generateName: hello-}
    spec:
      params: [{name: who, value: $(tt.params.who)}]
      taskSpec:
        params: [{name: who}]
        steps:
        - name: s
          image: alpine
          env: [{name: WHO, value: $(params.who)}]
          script: |
            $(tt.params.script)
            echo "hello $WHO"
"""


def sign(body: bytes) -> str:
    return f"sha256={hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()}"


def manifests(text: str) -> list[str]:
    return re.findall(r"^kind: (\w+)$", text, re.MULTILINE)


@pytest.fixture
def example(shell):
    """The example's directory, its body and the headers that go with it."""
    for file in EXAMPLE.iterdir():
        shutil.copy(file, shell.directory)
    shell.env["TOKEN"] = TOKEN
    body = (shell.directory / "push.json").read_bytes()
    return (
        "push.yaml",
        "--event",
        "push.json",
        "--header",
        "X-GitHub-Event: push",
        "--header",
        f"X-Hub-Signature-256: {sign(body)}",
        *SECRET,
    )


def test_an_event_is_rendered_and_run(shell, example):
    said = shell("trigger", *example, "--progress", "plain", "-o", "name")
    assert said.code == 0
    assert 'Ada pushed 6113728 to main: Say "hello" to $(whoami)' in said.err
    assert re.fullmatch(r"taskrun\.tekton\.dev/greet-\w+\n", said.out)
    assert len(shell("runs", "list", "-o", "json").json["items"]) == 1


def test_a_dry_run_shows_the_manifests_and_runs_nothing(shell, example):
    said = shell("trigger", *example, "--dry-run")
    assert (said.code, manifests(said.out)) == (0, ["TaskRun"])
    assert "triggers.tekton.dev/eventlistener: pushes" in said.out
    assert shell("trigger", *example, "--dry-run", "-o", "json").json["kind"] == "TaskRun"
    assert shell("trigger", *example, "--dry-run", "-o", "name").out == "taskrun.tekton.dev/greet-…\n"
    assert shell("runs", "list", "-o", "json").json["items"] == []


def test_the_secret_is_shown_nowhere(shell, example):
    leaking = (shell.directory / "push.json").read_bytes().replace(b"Ada", TOKEN.encode())
    (shell.directory / "push.json").write_bytes(leaking)
    words = [
        f"X-Hub-Signature-256: {sign(leaking)}" if word.startswith("X-Hub") else word for word in example
    ]
    for more in (["--dry-run"], ["--progress", "plain", "-o", "yaml"]):
        said = shell("trigger", *words, *more)
        assert said.code == 0
        assert TOKEN not in said.out + said.err
        assert "***" in said.out


def test_a_token_in_a_header_is_not_kept_with_the_run(shell, example):
    said = shell("trigger", *example, "--header", f"X-Gitlab-Token: {TOKEN}", "--progress", "quiet")
    assert said.code == 0
    (run,) = shell("runs", "list", "-o", "json").json["items"]
    assert "X-Gitlab-Token: ***" in run["command"]
    kept = [path.read_bytes() for path in shell.state.rglob("*") if path.is_file()]
    assert all(TOKEN.encode() not in data for data in kept)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("X-Hub-Signature-256: sha256=00", "filtered: the signature is wrong"),
        ("X-GitHub-Event: ping", 'filtered: github wants the event types push, this one is "ping"'),
    ],
)
def test_an_event_of_no_interest_starts_nothing_and_is_no_failure(shell, example, header, reason):
    name = header.partition(":")[0]
    words = [header if word.startswith(f"{name}:") else word for word in example]
    said = shell("trigger", *words)
    assert said.code == 0
    assert f"trigger greet: {reason}\n" in said.err
    assert said.out == ""


def test_a_trigger_that_cannot_work_is_a_failure(shell, example):
    said = shell("trigger", *example[:-2])
    assert said.code == 1
    assert "failed: there is no secret webhook with a key token" in said.err


def test_standard_input_may_be_the_event(shell):
    shell.file("quick.yaml", QUICK)
    said = shell(
        "trigger", "quick.yaml", "--event", "-", "--progress", "plain", stdin='{"go": true, "who": "you"}'
    )
    assert (said.code, "hello you" in said.err) == (0, True)
    said = shell("trigger", "-", "--event", "-", stdin="{}")
    assert said.code == 2


def test_a_run_s_failure_is_the_command_s(shell):
    shell.file("quick.yaml", QUICK)
    shell.file("event.json", json.dumps({"go": True, "who": "x", "script": "exit 3"}))
    assert shell("trigger", "quick.yaml", "--event", "event.json").code == 1


def test_a_rendered_manifest_is_judged(shell):
    shell.file("quick.yaml", QUICK.replace("taskSpec:", "taskSpecs:"))
    shell.file("event.json", '{"go": true, "who": "x"}')
    said = shell("trigger", "quick.yaml", "--event", "event.json")
    assert said.code == 1
    assert "error[T010]" in said.err
    assert "trigger hello: failed: the manifest has" in said.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["quick.yaml", "--event", "gone.json"], 2, "gone.json"),
        (["quick.yaml", "--event", "bad.json"], 1, "the body is no JSON"),
        (["quick.yaml", "--event", "event.json", "--listener", "x"], 1, "no EventListener x"),
        (["quick.yaml", "--event", "event.json", "--trigger", "x"], 1, "no trigger x"),
        (["quick.yaml", "--event", "event.json", "--header", "nonsense"], 2, "NAME: VALUE"),
        (["task.yaml", "--event", "event.json"], 1, "nothing here takes events"),
        (["broken.yaml", "--event", "event.json"], 1, "error[T912]"),
    ],
)
def test_mistakes_are_sentences(shell, words, code, said):
    shell.file("quick.yaml", QUICK)
    shell.file("event.json", '{"go": true, "who": "x"}')
    shell.file("bad.json", "{")
    shell.file("task.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n")
    shell.file(
        "broken.yaml",
        "kind: EventListener\napiVersion: triggers.tekton.dev/v1beta1\nmetadata: {name: x}\nspec: {}\n",
    )
    done = shell("trigger", *words)
    assert done.code == code
    assert said in done.err


def test_a_trigger_that_makes_no_run_says_so(shell):
    shell.file(
        "quick.yaml",
        re.sub(
            r"kind: TaskRun(.|\n)*",
            "kind: Task\n    metadata: {name: x}\n    spec: {steps: [{image: a}]}\n",
            QUICK,
        ),
    )
    shell.file("event.json", '{"go": true, "who": "x"}')
    said = shell("trigger", "quick.yaml", "--event", "event.json")
    assert said.code == 0
    assert "trigger hello: makes Task, no run" in said.err


class Listening:
    """A ``holkas listen`` in a process of its own."""

    def __init__(self, shell, *words, name="listen.log"):
        self.log = shell.directory / name
        with self.log.open("wb") as out:
            self.process = shell.start("listen", *words, "--port", "0", stderr=out)
        eventually(
            lambda: self._found(r"listening on http://127\.0\.0\.1:(\d+)") or self.process.poll() is not None
        )
        found = self._found(r"listening on http://127\.0\.0\.1:(\d+)")
        assert found, self.text
        self.port = int(found[1])

    @property
    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _found(self, pattern):
        return re.search(pattern, self.text)

    def says(self, pattern):
        eventually(lambda: self._found(pattern), 60)

    def post(self, body, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(
                "POST", "/", data, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def listen(shell):
    """Starts servers and ends them by their process id."""
    made = []

    def listen(*words):
        made.append(Listening(shell, *words))
        return made[-1]

    yield listen
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def test_a_listener_takes_events_and_runs_what_they_start(shell, example, listen):
    server = listen("push.yaml", *SECRET)
    body = (shell.directory / "push.json").read_bytes()
    status, answer = server.post(body, X_GitHub_Event="push", X_Hub_Signature_256=sign(body))
    assert status == 202
    assert sorted(answer) == ["eventID", "eventListener", "eventListenerUID", "namespace"]
    assert (answer["eventListener"], answer["namespace"]) == ("pushes", "default")
    server.says(rf"event={answer['eventID']} trigger=greet starts greet-\w+")
    server.says(r"run=greet-\w+ Succeeded in ")
    assert server.end() == 0
    assert "stopped" in server.text
    assert TOKEN not in server.text
    assert "Ada" not in server.text
    (run,) = shell("runs", "list", "-o", "json").json["items"]
    assert run["status"] == "True"


def test_a_wrong_signature_is_taken_and_starts_nothing(shell, example, listen):
    server = listen("push.yaml", *SECRET)
    for signature in ("sha256=00", sign(b"other")):
        assert server.post({}, X_GitHub_Event="push", X_Hub_Signature_256=signature)[0] == 202
    assert server.post(b"{", X_GitHub_Event="push")[0] == 400
    assert server.text.count("filtered: the signature is wrong") == 2
    assert server.end(signal.SIGINT) == 0
    assert shell("runs", "list", "-o", "json").json["items"] == []


def test_runs_wait_for_each_other_and_a_full_queue_says_so(shell, listen):
    shell.file("quick.yaml", QUICK)
    server = listen("quick.yaml", "--queue", "1", "--grace", "0")
    slow = {"go": True, "who": "x", "script": f"exec sleep {SLEEP}"}
    assert server.post(slow)[0] == 202
    eventually(lambda: shell("runs", "list", "-o", "json").json["items"])
    assert server.post(slow)[0] == 202
    status, answer = server.post(slow)
    assert (status, answer["errorMessage"]) == (503, "too many runs wait already")
    assert server.end() == 0
    assert "stopping; 1 waiting run dropped" in server.text
    assert "cancelling them" in server.text
    (run,) = shell("runs", "list", "-o", "json").json["items"]
    assert run["reason"] == "TaskRunCancelled"


def test_a_running_run_may_end_and_a_second_signal_ends_it(shell, listen):
    shell.file("quick.yaml", QUICK)
    server = listen("quick.yaml", "--parallel", "2")
    server.post({"go": True, "who": "x", "script": f"exec sleep {SLEEP}"})
    eventually(lambda: shell("runs", "list", "-o", "json").json["items"])
    server.process.send_signal(signal.SIGTERM)
    server.says("stopping")
    assert server.process.poll() is None
    assert server.end() == 0


def test_what_is_rendered_wrongly_is_one_line_without_the_event(shell, listen):
    shell.file("quick.yaml", QUICK.replace("taskSpec:", "taskSpecs:"))
    server = listen("quick.yaml")
    assert server.post({"go": True, "who": "a private thing"})[0] == 202
    server.says(r"trigger=hello failed: the manifest is refused: T010: ")
    assert server.post({"go": 1, "who": {"a": "b"}})[0] == 202
    assert server.post({"who": "x"})[0] == 202
    assert server.end() == 0
    assert "private" not in server.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["quick.yaml", "--host", "0.0.0.0"], "--public"),
        (["quick.yaml", "--host", "::"], "--public"),
        (["quick.yaml", "--listener", "x"], "no EventListener x"),
        (["quick.yaml", "two.yaml"], "several EventListeners"),
        (["quick.yaml", "--host", "192.0.2.1", "--public"], "192.0.2.1:8080"),
    ],
)
def test_a_server_that_should_not_or_cannot_be_does_not_begin(shell, words, said):
    shell.file("quick.yaml", QUICK)
    shell.file("two.yaml", QUICK.split("---")[0].replace("quick", "other"))
    done = shell("listen", *words)
    assert done.code == 2
    assert said in done.err


def test_a_port_that_is_taken_is_a_sentence(shell, listen):
    shell.file("quick.yaml", QUICK)
    server = listen("quick.yaml")
    done = shell("listen", "quick.yaml", "--port", str(server.port))
    assert done.code == 2
    assert "in use" in done.err
