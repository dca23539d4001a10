"""Secrets that are printed, and secrets in plain text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.tekton.lint.documents import found, made, pipeline, task

TOKEN = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
PARAM = {"name": "PW", "value": "$(params.password)"}
SECRETS = {"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}
MOUNT = {"volumeMounts": [{"name": "v", "mountPath": "/creds/"}]}


def printed(script: str, step: dict[str, Any] | None = None, **spec: Any) -> list[str]:
    params = [{"name": "password"}, {"name": "secret-name"}]
    one = {"script": script, "env": [TOKEN, PARAM], **(step or {})}
    return [finding.message for finding in found("T606", task(one, params=params, **spec))]


@pytest.mark.parametrize(
    "script",
    [
        "echo $TOKEN",
        "#!/bin/bash\nprintf '%s' \"${TOKEN}\" >&2",
        "if [ -n x ]; then echo ${TOKEN:-none}; fi",
        "echo $PW",
        "echo $(params.password)",
        "env",
        "printenv; true",
        "printenv TOKEN",
        "set -eux\ncurl -H $TOKEN host",
        "#!/bin/bash -x\ncurl -H $TOKEN host",
        "set -o xtrace; curl -H ${TOKEN} host",
        "#!/usr/bin/env python3\nimport os\nprint('token', os.environ['TOKEN'])",
        '#!/usr/bin/env python3\nprint(os.getenv("TOKEN"))',
    ],
)
def test_what_reaches_the_log(script: str) -> None:
    [message] = printed(script)
    assert message.startswith("step 1 ")


@pytest.mark.parametrize(
    "script",
    [
        "echo $TOKEN > file",
        "echo $TOKEN | docker login --password-stdin",
        "x=$(echo $TOKEN | base64)",
        "echo '$TOKEN'",
        "echo TOKEN $TOKENS ${TOKEN_FILE}",
        "echo ${#TOKEN} ${TOKEN:+yes}",
        "echo $(params.secret-name)",
        "# echo $TOKEN",
        "curl -H $TOKEN host",
        "set -eu\nset -x\ntrue",
        "env A=b cmd",
        "printenv HOME",
        "#!/usr/bin/env python3\nprint('TOKEN', os.environ['HOME'])",
    ],
)
def test_what_does_not(script: str) -> None:
    assert printed(script) == []


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("cat /creds/password", 1),
        ("head -1 '/creds/password'", 1),
        ("cat /creds/password > x", 0),
        ("cat /credsless/x", 0),
        ("ls /creds/", 0),
    ],
)
def test_files_of_a_mounted_secret(script: str, count: int) -> None:
    assert len(printed(script, MOUNT, **SECRETS)) == count
    assert len(printed(script, stepTemplate=MOUNT, **SECRETS)) == count
    assert printed(script, MOUNT, volumes=[{"name": "v", "emptyDir": {}}]) == []


def test_a_whole_secret_in_the_environment_is_shown_by_env() -> None:
    whole = {"env": [], "envFrom": [{"secretRef": {"name": "s"}}]}
    assert printed("env", whole) == ["step 1 prints the whole environment, secrets included to its log"]
    assert printed("env", {"env": []}) == []


def test_variables_of_the_step_template_count() -> None:
    assert len(printed("echo $TOKEN", {"env": []}, stepTemplate={"env": [TOKEN]})) == 1


def test_the_line_is_pointed_at() -> None:
    [finding] = found("T606", task({"script": "ls\necho a; echo $TOKEN\n", "env": [TOKEN]}))
    assert finding.place.within == "echo $TOKEN"


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("DB_PASSWORD", "hunter2", 1),
        ("dbPassword", "hunter2", 1),
        ("API-KEY", "x1", 1),
        ("github.token", "x1", 1),
        ("CLIENT_SECRET", "x1", 1),
        ("PASSWORD", "", 0),
        ("PASSWORD", "true", 0),
        ("PASSWORD", "$(params.password)", 0),
        ("PASSWORD", "/run/password", 0),
        ("PASSWORD_FILE", "x", 0),
        ("TOKENIZER", "x", 0),
        ("ANY", "AKIAABCDEFGHIJKLMNOP", 1),
        ("ANY", "ghp_" + "a" * 36, 1),
        ("ANY", "-----BEGIN RSA PRIVATE KEY-----\nx", 1),
        ("ANY", "ghosts and AKIA", 0),
    ],
)
def test_secrets_in_the_environment(name: str, value: str, count: int) -> None:
    assert len(found("T607", task({"env": [{"name": name, "value": value}]}))) == count


def test_secrets_in_params_and_scripts() -> None:
    declared = task(
        params=[{"name": "password", "default": "x1"}, {"name": "pull-secret", "default": "regcred"}]
    )
    assert [finding.fields for finding in found("T607", declared)] == [("spec.params[0].default",)]
    given = made("TaskRun", {"taskRef": {"name": "t"}, "params": [{"name": "token", "value": "abc"}]})
    assert [finding.fields for finding in found("T607", given)] == [("spec.params[0].value",)]
    assert len(found("T607", pipeline(params=[{"name": "token", "default": "abc"}]))) == 1
    [key] = found("T607", task({"script": "cat <<E\n-----BEGIN PRIVATE KEY-----\nE"}))
    assert key.place.within == "-----BEGIN PRIVATE KEY-----"
    assert found("T607", task(params=[{"name": "tokens", "type": "array", "default": ["a"]}])) == []
