"""HOME and /tmp of a container are its image's, as on a cluster; credentials are found in the home of whoever runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.container_images import imported, need_containers, plain_image, plain_root
from tests.local_runs import Runner
from tests.tekton_runs import task_run

pytestmark = pytest.mark.containers

USER = {"securityContext": {"runAsUser": 1000}}
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "git", "annotations": {"tekton.dev/git-0": "https://git.example.com"}},
    "type": "kubernetes.io/basic-auth",
    "stringData": {"username": "someone", "password": "correct-horse-battery"},
}
ACCOUNT = {
    "apiVersion": "v1",
    "kind": "ServiceAccount",
    "metadata": {"name": "robot"},
    "secrets": [{"name": "git"}],
}
LOOK = "echo $HOME; cut -d: -f1,2 $HOME/.git-credentials $(credentials.path)/.git-credentials; id -u"
FOUND = "https://***\nhttps://***\n"  # masked: the name is in the Secret, too


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    need_containers()
    settings = {"network": "none", "replace": {"bash": plain_image()}}
    made = Runner.make(tmp_path, "container", {"container": settings})
    yield made
    made.server.close()


def with_account(text: str) -> str:
    return "\n---\n".join([text, json.dumps(SECRET), json.dumps(ACCOUNT)])


def test_each_container_has_its_image_s_home_and_tmp(runner: Runner) -> None:
    first = "stat -c %a /root /tmp; touch /root/mine /tmp/mine"
    finished = runner.run(task_run(first, "ls -A /root /tmp; echo $HOME"))
    assert finished.ending == ("True", "Succeeded"), finished.message
    assert finished.log(step="unnamed-0") == "700\n1777\n"
    assert finished.log(step="unnamed-1") == "/root:\n\n/tmp:\n/root\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_credentials_are_at_home_where_the_user_is(runner: Runner) -> None:
    stranger = {"securityContext": {"runAsUser": 4321}}
    text = task_run(
        {"script": LOOK},
        {"script": LOOK, **USER},
        {"script": f"{LOOK}; ls -ld $HOME/.git-credentials | cut -c1-10", **stranger},
        run={"serviceAccountName": "robot"},
    )
    finished = runner.run(with_account(text))
    assert finished.ending == ("True", "Succeeded"), [finished.message, finished.log()]
    assert finished.log(step="unnamed-0") == f"/root\n{FOUND}0\n"
    assert finished.log(step="unnamed-1") == f"/home/somebody\n{FOUND}1000\n"
    assert finished.log(step="unnamed-2") == f"/root\n{FOUND}4321\n-rw-------\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_the_image_s_own_user_and_home_count(runner: Runner) -> None:
    named = imported(plain_root(), ("USER somebody",), "podman")
    elsewhere = imported(plain_root(), ("USER 1000", "ENV HOME=/srv/home"), "podman")
    odd = imported(plain_root(), ("USER nobody-knows", "ENV HOME=/"), "podman")
    text = task_run(
        {"image": named, "script": LOOK},
        {"image": elsewhere, "script": LOOK},
        run={"serviceAccountName": "robot"},
    )
    finished = runner.run(with_account(text))
    assert finished.ending == ("True", "Succeeded"), [finished.message, finished.log()]
    assert finished.log(step="unnamed-0") == f"/home/somebody\n{FOUND}1000\n"
    assert finished.log(step="unnamed-1") == f"/srv/home\n{FOUND}1000\n"
    text = task_run({"image": odd, "script": LOOK}, run={"serviceAccountName": "robot"})
    finished = runner.run(with_account(text))
    assert finished.record.condition.status == "False"  # no engine starts a user that the image does not know
