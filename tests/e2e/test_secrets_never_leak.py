"""A secret from a Secret document appears nowhere: no log, no store, no output, in no common spelling."""

from __future__ import annotations

import base64
import json
import sqlite3
from urllib.parse import quote, quote_plus

import pytest

TOKEN = "tOk3n/with+ä&more=42"
PASSWORD = "correct-horse-battery"
KEY = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\n-----END KEY-----\n"
LONG = "".join(f"{number:x}kQ" for number in range(120))
DOCKER = json.dumps({"auths": {"registry.example": {"username": "robot", "password": "d0cker-pass-word"}}})

SECRETS = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: cred}}
stringData:
  token: {TOKEN!r}
  key: |
    {KEY.rstrip().replace(chr(10), chr(10) + "    ")}
  long: {LONG}
  pin: q7z
data:
  password: {base64.b64encode(PASSWORD.encode()).decode()}
---
apiVersion: v1
kind: Secret
metadata: {{name: docker}}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{DOCKER}'
---
"""


def spellings(value):
    raw = value.encode()
    yield value
    yield base64.b64encode(raw).decode()
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode()
    for before in (b"u:", b"user:", b"use:"):  # the three alignments, without what depends on the neighbours
        encoded = base64.b64encode(before + raw).decode()
        yield encoded[(len(before) * 8 + 5) // 6 + 1 : len(encoded) - 4]
    yield quote(value, safe="")
    yield quote(value)
    yield quote_plus(value)
    yield raw.hex()
    yield raw.hex().upper()
    yield json.dumps(value)[1:-1]


def leaks(text, *values):
    return [form for value in values for form in spellings(value) if len(form) > 6 and form in text]


def everything_kept(shell):
    """All bytes below the state directory, names included, and the rows of the database as text."""
    found = []
    for path in sorted(shell.state.rglob("*")):
        found.append(str(path.relative_to(shell.state)))
        if path.is_file():
            found.append(path.read_bytes().decode("latin-1"))
            found.append(path.read_bytes().decode("utf-8", "replace"))
    with sqlite3.connect(shell.state / "holkas.db") as connection:
        for table in ("runs", "events"):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            found.append(repr(rows))
            found += [
                json.dumps(json.loads(row[-1]), ensure_ascii=False)
                for row in rows
                if str(row[-1]).startswith("{")
            ]
    return "\n".join(found)


ALL = (TOKEN, PASSWORD, *KEY.strip().splitlines()[1:3], LONG, "d0cker-pass-word")

ECHOES = (
    (
        SECRETS
        + r"""
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
secrets: [{name: docker}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: leaky}
spec:
  taskRunTemplate: {serviceAccountName: robot}
  params:
  - {name: given, value: TOKEN}
  - {name: map, value: {inner: PASSWORD}}
  pipelineSpec:
    params:
    - {name: given}
    - {name: map, type: object, properties: {inner: {}}}
    - {name: default, default: PASSWORD}
    results:
    - {name: out, value: $(tasks.echo.results.plain)}
    tasks:
    - name: echo
      displayName: echo $(params.given)
      params: [{name: passed, value: $(params.default)}]
      taskSpec:
        params: [{name: passed}]
        results: [{name: plain}, {name: several, type: array}, {name: object, type: object, properties: {a: {}}}]
        steps:
        - name: print
          image: python
          env:
          - {name: TOKEN, valueFrom: {secretKeyRef: {name: cred, key: token}}}
          - {name: KEY, valueFrom: {secretKeyRef: {name: cred, key: key}}}
          - {name: LONG, valueFrom: {secretKeyRef: {name: cred, key: long}}}
          - {name: PASSWORD, valueFrom: {secretKeyRef: {name: cred, key: password}}}
          script: |
            #!/usr/bin/env python3
            import base64, json, os, sys, time
            from urllib.parse import quote, quote_plus
            for name in ("TOKEN", "KEY", "LONG", "PASSWORD"):
                value = os.environ[name]
                raw = value.encode()
                print("plain", value)
                print("base64", base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode())
                for before in (b"u:", b"user:", b"use:"):
                    print("basic", base64.b64encode(before + raw).decode())
                print("lines", base64.encodebytes(b"user:" + raw).decode())
                print("url", quote(value, safe=""), quote(value), quote_plus(value))
                print("hex", raw.hex(), raw.hex().upper())
                print("json", json.dumps(value), json.dumps(value, ensure_ascii=False))
                print("reversed", "\n".join(reversed(value.splitlines())))
                print(value, file=sys.stderr)
                sys.stdout.flush()
                half = len(value) // 2
                sys.stdout.write(value[:half])
                sys.stdout.flush()
                time.sleep(0.05)
                sys.stdout.write(value[half:])
                sys.stdout.flush()
                print()
            print("docker", open(os.path.expanduser("~/.docker/config.json")).read())
            print("param $(params.passed)")
            open("$(results.plain.path)", "w").write(os.environ["TOKEN"])
            open("$(results.several.path)", "w").write(json.dumps([os.environ["PASSWORD"], "harmless"]))
            open("$(results.object.path)", "w").write(json.dumps({"a": os.environ["TOKEN"]}))
            print("the last line, without a secret")
        - name: broken
          image: none
          command: [/no/such/program-$(params.passed)]
    - name: use
      onError: continue
      when: [{input: $(tasks.echo.results.plain), operator: in, values: [$(params.map.inner)]}]
      taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
"""
    )
    .replace("TOKEN}", json.dumps(TOKEN) + "}", 1)
    .replace("PASSWORD}", json.dumps(PASSWORD) + "}")
)


@pytest.mark.parametrize("output", ["yaml", "json"])
def test_nothing_that_a_step_does_with_a_secret_shows_it(shell, output):
    shell.file("leaky.yaml", ECHOES)
    said = shell("run", "leaky.yaml", "-o", output, "-p", f"given={TOKEN}")
    assert said.code == 1
    assert "the last line, without a secret" in said.err
    assert leaks(said.err, *ALL) == []
    assert leaks(said.out, *ALL) == []
    assert "harmless" in said.out
    kept = everything_kept(shell)
    assert leaks(kept, *ALL) == []
    assert "q7z" not in kept
    assert "***" in kept
    for words in (
        ("runs", "show"),
        ("runs", "show", "-o", "json"),
        ("runs", "logs"),
        ("runs", "list", "-o", "yaml"),
    ):
        assert leaks(shell(*words).out, *ALL) == []


@pytest.mark.parametrize("progress", ["json", "quiet", "plain"])
def test_no_way_of_showing_progress_shows_a_secret(shell, progress):
    shell.file("leaky.yaml", ECHOES)
    said = shell("run", "leaky.yaml", "--progress", progress)
    assert leaks(said.out + said.err, *ALL) == []


def test_a_dry_run_shows_no_secret(shell):
    shell.file("leaky.yaml", ECHOES)
    said = shell("run", "leaky.yaml", "--dry-run", "-o", "yaml")
    assert said.code == 0
    assert "leaky" in said.out
    assert leaks(said.out + said.err, *ALL) == []


WRONG = SECRETS.replace("  pin: q7z", f"  wrong: {{a: {PASSWORD}}}")


@pytest.mark.parametrize(
    "words", [("run",), ("lint",), ("lint", "--format", "json"), ("lint", "--format", "sarif")]
)
@pytest.mark.parametrize("stdin", [True, False])
def test_findings_about_the_secret_itself_do_not_show_it(shell, words, stdin):
    text = (
        WRONG
        + f"""
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {{name: x}}
spec:
  taskSpec:
    steps: [{{name: s, image: alpine, script: "true", wrong: {PASSWORD}}}]
"""
    )
    shell.file("wrong.yaml", text)
    said = shell(*words, "-", stdin=text) if stdin else shell(*words, "wrong.yaml")
    assert said.code == 1
    assert "wrong" in said.out + said.err
    assert leaks(said.out + said.err, *ALL) == []


@pytest.mark.parametrize(
    "line", ["  broken: {0}: [", "  broken: [{0}", '  broken: "{0}', "  {0}", "  - {0}: {{"]
)
def test_a_file_that_cannot_be_read_does_not_show_its_secrets(shell, line):
    shell.file("broken.yaml", "kind: Secret\nstringData:\n" + line.format(PASSWORD) + "\nx: y: z\n")
    for words in (("lint",), ("lint", "--format", "json"), ("run",)):
        said = shell(*words, "broken.yaml")
        assert said.code == 1
        assert leaks(said.out + said.err, PASSWORD) == []


def test_secrets_in_files_are_gone_after_the_run(shell):
    shell.file(
        "volume.yaml",
        SECRETS
        + """
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: volume}
spec:
  workspaces: [{name: w, secret: {secretName: cred}}]
  taskSpec:
    workspaces: [{name: w}]
    steps: [{name: s, image: alpine, script: "cat $(workspaces.w.path)/token; ls $(workspaces.w.path)"}]
""",
    )
    said = shell("run", "volume.yaml")
    assert said.code == 0
    assert "password" in said.err
    assert leaks(said.err + everything_kept(shell), *ALL) == []
