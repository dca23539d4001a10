"""Tekton's own example of git with a key of the service account, whole and unchanged: its server is its sidecar.

Its images' programs are this machine's git and OpenSSH, in an image of the test's own: nothing stands in for them. Only
containers can carry it out, since the server wants port 22, /etc/shadow and the home of root for itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.container_images import image_with_ssh, need_containers
from tests.local_runs import Runner
from tests.shared import shared

pytestmark = [pytest.mark.conformance, pytest.mark.containers]

EXAMPLE = shared("corpora", "tekton-examples") / "v1/taskruns/authenticating-git-commands.yaml"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a key to the example's second user")
def test_git_over_ssh_with_the_service_account_s_key(tmp_path: Path) -> None:
    need_containers()
    settings = {"container": {"network": "task", "replace": {"*": image_with_ssh()}}}
    runner = Runner.make(tmp_path, "container", settings)
    try:
        finished = runner.run(EXAMPLE.read_text(encoding="utf-8"))
    finally:
        runner.server.close()
    logs = {
        log.stem: log.read_text("utf-8", "replace") for log in (finished.directory / "logs").rglob("*.log")
    }
    assert finished.ending == ("True", "Succeeded"), logs
    assert logs["git-clone-and-check"].endswith("Hello, world!\n")
    assert "-> master" in logs["git-clone-and-push"]
