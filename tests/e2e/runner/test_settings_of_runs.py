"""Sidecars, credentials, pod templates, settings of single tasks."""

from __future__ import annotations

import json
import os

import pytest

from tests.local_runs import Runner
from tests.tekton_runs import RESULT, pipeline_run, task, task_run


def with_documents(text: str, *documents: dict[str, object]) -> str:
    return "\n---\n".join([text, *(json.dumps({"apiVersion": "v1", **document}) for document in documents)])


VOLUME = {"volumes": [{"name": "v", "emptyDir": {}}]}
MOUNT = {"volumeMounts": [{"name": "v", "mountPath": "/both"}]}


def test_a_sidecar_is_ready_before_the_first_step_and_ended_after_the_last(each: Runner) -> None:
    sidecar = {
        "name": "server",
        "image": "bash",
        "script": "trap 'echo ended >&2; exit 3' TERM; sleep 0.2; touch /both/ready; while :; do sleep 0.01; done",
        "readinessProbe": {"exec": {"command": ["test", "-e", "/both/ready"]}},
        **MOUNT,
    }
    finished = each.run(task_run({"script": "test -e /both/ready", **MOUNT}, sidecars=[sidecar], **VOLUME))
    assert finished.ending == ("True", "Succeeded")
    (record,) = finished.task().sidecars
    assert (record.name, record.reason) == ("server", "Completed")
    assert "ended" in finished.log(step="sidecar-server")


def test_a_port_is_probed(each: Runner) -> None:
    serve = (
        "import http.server\n"
        "s = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
        "open('/both/port', 'w').write(str(s.server_port)); s.serve_forever()"
    )
    sidecar = {
        "name": "web",
        "image": "python",
        "command": ["python3", "-c", serve],
        "readinessProbe": {"exec": {"command": ["test", "-s", "/both/port"]}},
        **MOUNT,
    }
    ask = "import urllib.request as r; r.urlopen('http://127.0.0.1:%s/' % open('/both/port').read())"
    finished = each.run(task_run({"command": ["python3", "-c", ask], **MOUNT}, sidecars=[sidecar], **VOLUME))
    assert finished.ending == ("True", "Succeeded")


def test_a_sidecar_that_ends_badly_fails_a_task_whose_steps_succeeded(each: Runner) -> None:
    finished = each.run(
        task_run("true", sidecars=[{"name": "s", "image": "bash", "script": "exit 4"}], results=[])
    )
    assert finished.ending == ("False", "SidecarFailed")
    assert finished.message == '"sidecar-s" exited with code 4'
    notes = [str(event.data["text"]) for event in finished.events if event.kind.value == "note"]
    assert 'sidecars[0]: "s" has ended with exit code 4 before the first step' in notes


def test_while_another_sidecar_runs_one_that_ended_badly_does_no_harm(runner: Runner) -> None:
    finished = runner.run(
        task_run(
            "true",
            sidecars=[
                {"name": "bad", "image": "bash", "script": "exit 4"},
                {"name": "good", "image": "bash", "script": "sleep 60"},
            ],
        )
    )
    assert finished.ending == ("True", "Succeeded")


def test_a_sidecar_that_cannot_be_started_fails_the_task(runner: Runner) -> None:
    finished = runner.run(
        task_run("true", sidecars=[{"name": "s", "image": "bash", "command": ["/no/such/program"]}])
    )
    assert finished.ending == ("False", "PodCreationFailed")
    assert "/no/such/program" in finished.message


SECRETS = (
    {
        "kind": "Secret",
        "metadata": {"name": "git", "annotations": {"tekton.dev/git-0": "https://git.example.com"}},
        "type": "kubernetes.io/basic-auth",
        "stringData": {"username": "someone", "password": "correct-horse-battery"},
    },
    {
        "kind": "Secret",
        "metadata": {"name": "ssh", "annotations": {"tekton.dev/git-0": "git.example.com:2222"}},
        "type": "kubernetes.io/ssh-auth",
        "stringData": {"ssh-privatekey": "not-a-real-key", "known_hosts": "git.example.com ssh-rsa AAAA"},
    },
    {"kind": "ServiceAccount", "metadata": {"name": "robot"}, "secrets": [{"name": "git"}, {"name": "ssh"}]},
)


def test_the_service_accounts_credentials_lie_in_each_steps_home(each: Runner) -> None:
    look = """
    cat ~/.gitconfig; cut -d: -f1,2 ~/.git-credentials; cat ~/.ssh/config; ls -l ~/.ssh/id_ssh | cut -c1-10
    cmp ~/.gitconfig $(credentials.path)/.gitconfig
    rm ~/.gitconfig
    """
    finished = each.run(
        with_documents(task_run(look, "test -e ~/.gitconfig", run={"serviceAccountName": "robot"}), *SECRETS)
    )
    assert finished.ending == ("True", "Succeeded")
    log = finished.log()
    assert '[credential "https://git.example.com"]\n\tusername = ' in log
    assert "Port 2222" in log
    assert "-rw-------" in log
    assert "correct-horse-battery" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a step as somebody else")
def test_credentials_belong_to_the_user_of_the_step(sandbox: Runner) -> None:
    step = {"script": "id -u; cut -d: -f1,2 ~/.git-credentials", "securityContext": {"runAsUser": 1000}}
    finished = sandbox.run(with_documents(task_run(step, run={"serviceAccountName": "robot"}), *SECRETS))
    assert finished.ending == ("True", "Succeeded"), finished.log()
    assert finished.log() == "1000\nhttps://***\n"


def test_another_account_has_no_credentials(runner: Runner) -> None:
    finished = runner.run(with_documents(task_run("test ! -e ~/.gitconfig"), *SECRETS))
    assert finished.ending == ("True", "Succeeded")


def test_the_pod_template_gives_variables_and_volumes(each: Runner) -> None:
    settings = {"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"key": "from-map"}}
    template = {
        "env": [
            {"name": "A", "value": "pod"},
            {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "key"}}},
        ],
        "volumes": [{"name": "extra", "configMap": {"name": "settings"}}],
    }
    step = {
        "script": 'printf "$A $B $(cat /extra/key)"'.replace("$(cat /extra/key)", "`cat /extra/key`"),
        "env": [{"name": "A", "value": "own"}],
        "volumeMounts": [{"name": "extra", "mountPath": "/extra"}],
    }
    finished = each.run(with_documents(task_run(step, run={"podTemplate": template}), settings))
    assert finished.log() == "own from-map from-map"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_the_security_context_says_who_runs_the_step(sandbox: Runner) -> None:
    finished = sandbox.run(
        task_run(
            {"script": "id -u; id -g", "securityContext": {"runAsUser": 1234}},
            {"script": f"id -u; touch /workspace/x {RESULT}"},
            run={"podTemplate": {"securityContext": {"runAsUser": 77, "runAsGroup": 88}}},
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.log().split() == ["1234", "88"]
    assert finished.log(step="unnamed-1").split() == ["77"]


def test_a_run_changes_the_settings_of_one_task(runner: Runner) -> None:
    def says(name: str) -> dict[str, object]:
        env = [
            {"name": "LABEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['team']"}}},
            {
                "name": "TASK",
                "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['tekton.dev/pipelineTask']"}},
            },
            {"name": "WHO", "valueFrom": {"fieldRef": {"fieldPath": "spec.serviceAccountName"}}},
        ]
        return task(name, {"script": 'printf "$A $B $LABEL $TASK $WHO"', "env": env})

    finished = runner.run(
        pipeline_run(
            says("one"),
            says("two"),
            run={
                "taskRunTemplate": {
                    "serviceAccountName": "usual",
                    "podTemplate": {"env": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]},
                },
                "taskRunSpecs": [
                    {
                        "pipelineTaskName": "two",
                        "serviceAccountName": "special",
                        "podTemplate": {"env": [{"name": "B", "value": "changed"}]},
                        "metadata": {"labels": {"team": "blue"}},
                    }
                ],
            },
        )
    )
    assert finished.log("one") == "a b  one usual"
    assert finished.log("two") == "a changed blue two special"


def test_secrets_are_masked_in_logs_and_never_reach_the_disk(each: Runner) -> None:
    secret = {"kind": "Secret", "metadata": {"name": "s"}, "stringData": {"token": "correct-horse-battery"}}
    step = {
        "script": 'echo "$TOKEN" | sed "s/./&/g"; printf "$TOKEN" | base64; grep -c horse /secret/token',
        "env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "token"}}}],
        "volumeMounts": [{"name": "v", "mountPath": "/secret"}],
    }
    finished = each.run(
        with_documents(task_run(step, volumes=[{"name": "v", "secret": {"secretName": "s"}}]), secret)
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.log() == "***\n***\n1\n"
