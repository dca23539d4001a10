"""Sidecars share their task's network; images come from registries that ask for a password; the command line."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Shell
from tests.container_images import need_containers, of_engine, plain_image
from tests.local_runs import Runner
from tests.tekton_runs import pipeline_run, task, task_run

pytestmark = pytest.mark.containers


@pytest.fixture
def image() -> str:
    need_containers()
    return plain_image()


@pytest.fixture(params=["task", "host"])
def runner(request: pytest.FixtureRequest, tmp_path: Path, image: str) -> Iterator[Runner]:
    settings = {"network": request.param, "replace": {"bash": image}}
    made = Runner.make(tmp_path, "container", {"container": settings})
    yield made
    made.server.close()


def store(root: Path) -> str:
    return (root / "state" / "containers" / "store-id").read_text()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
    return number


def server(port: int, **probe: Any) -> dict[str, Any]:
    script = f"mkdir /www; sleep 0.5; echo hello > /www/index.html; touch /www/ready; exec httpd -f -p {port} -h /www"
    return {"name": "web", "image": "bash", "script": script, "readinessProbe": probe}


def test_a_step_reaches_its_sidecar_once_it_is_ready(runner: Runner) -> None:
    port = free_port()
    for probe in (
        {"tcpSocket": {"port": port}},
        {"httpGet": {"port": port, "path": "/index.html"}},
        {"exec": {"command": ["test", "-e", "/www/ready"]}, "initialDelaySeconds": 1},
    ):
        fetch = f"wget -q -O $(results.out.path) http://127.0.0.1:{port}/index.html"
        finished = runner.run(task_run(fetch, sidecars=[server(port, **probe)]))
        assert finished.ending == ("True", "Succeeded"), finished.log()
        assert finished.results == {"out": "hello\n"}


def test_tasks_have_networks_of_their_own(tmp_path: Path, image: str) -> None:
    """Both listen on the same port, at the same time."""
    settings = {"network": "task", "replace": {"bash": image}}
    runner = Runner.make(tmp_path, "container", {"container": settings})
    step = "wget -q -O $(results.out.path) http://127.0.0.1:8080/index.html; sleep 1"
    spec = {"sidecars": [server(8080, tcpSocket={"port": 8080})]}
    try:
        finished = runner.run(pipeline_run(task("a", step, spec=spec), task("b", step, spec=spec)))
    finally:
        runner.server.close()
    assert finished.endings() == {"a": "Succeeded", "b": "Succeeded"}
    assert of_engine("ps", "--all", "--quiet", f"--filter=label=io.holkas.store={store(tmp_path)}") == ""


def test_a_sidecar_that_has_ended_lends_nobody_its_network(tmp_path: Path, image: str) -> None:
    settings = {"network": "task", "replace": {"bash": image}}
    runner = Runner.make(tmp_path, "container", {"container": settings})
    try:
        finished = runner.run(
            task_run("true", "true", sidecars=[{"name": "short", "image": "bash", "script": "true"}])
        )
    finally:
        runner.server.close()
    assert finished.ending == ("True", "Succeeded")


# Registries


LOGIN = "robot:$2b$04$WrfFNju4.YvXRBIKSDzgnOkOgF7v.o40ml8eU9gkZJae0/J6.WSDW\n"
"""The password is correct-horse, hashed by bcrypt as htpasswd does."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry with a password; its address."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    port = free_port()
    passwords = tmp_path / "htpasswd"
    passwords.write_text(LOGIN)
    config = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "registry")}},
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": {"htpasswd": {"realm": "test", "path": str(passwords)}},
    }
    file = tmp_path / "registry.yml"
    file.write_text(json.dumps(config))
    process = subprocess.Popen([program, "serve", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, "the registry does not start"
                time.sleep(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.mark.service
@pytest.mark.parametrize("through", ["imagePullSecrets", "pod template", "annotated secret"])
def test_images_are_fetched_with_the_credentials_of_the_run(
    through: str, registry: str, tmp_path: Path, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    insecure = tmp_path / "registries.conf"
    insecure.write_text(f'[[registry]]\nlocation = "{registry}"\ninsecure = true\n')
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(insecure))
    name = f"{registry}/private:1"
    of_engine("push", "--creds=robot:correct-horse", "--format=v2s2", image, f"docker://{name}")
    auth = base64.b64encode(b"robot:correct-horse").decode()
    config = json.dumps({"auths": {registry: {"auth": auth}}})
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "bot"}}
    run: dict[str, Any] = {"serviceAccountName": "bot"}
    if through == "annotated secret":
        secret["metadata"] = {"name": "login", "annotations": {"tekton.dev/docker-0": registry}}
        secret |= {
            "type": "kubernetes.io/basic-auth",
            "stringData": {"username": "robot", "password": "correct-horse"},
        }
        account["secrets"] = [{"name": "login"}]
    else:
        secret |= {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": config}}
        if through == "pod template":
            run["podTemplate"] = {"imagePullSecrets": [{"name": "login"}]}
        else:
            account["imagePullSecrets"] = [{"name": "login"}]
    runner = Runner.make(tmp_path, "container", {"container": {"network": "none"}})
    text = "\n---\n".join(map(json.dumps, (secret, account)))
    manifest = task_run({"image": name, "script": "true"}, run=run)
    try:
        refused = runner.run(task_run({"image": name, "script": "true"}))
        assert refused.ending == ("False", "StepFailed")
        assert "cannot be fetched" in refused.log()
        finished = runner.run(f"{text}\n---\n{manifest}")
        assert finished.ending == ("True", "Succeeded"), finished.log()
        assert finished.status["steps"][0]["imageID"].startswith(f"{registry}/private@sha256:")
    finally:
        runner.server.close()
        of_engine("rmi", "--force", name)
    assert not list((tmp_path / "state").rglob("registries-*.json"))


# The command line


def test_auto_takes_containers_where_the_images_are_there(tmp_path: Path, image: str) -> None:
    shell = Shell(tmp_path, env={"HOLKAS_RUN_EXECUTOR": "auto"})
    shell.file("here.yaml", task_run({"image": image, "script": "true"}))
    shell.file("elsewhere.yaml", task_run({"image": "localhost/not-here:1", "script": "true"}))
    said = shell("run", "here.yaml", "--fidelity")
    assert (said.code, said.err) == (0, "note: executor: container (podman)\n")
    said = shell("run", "elsewhere.yaml", "--fidelity")
    assert said.code == 0
    assert 'container: podman does not have the image "localhost/not-here:1"' in said.err
    said = shell("run", "elsewhere.yaml", "--fidelity", "--pull", "missing")
    assert said.err == "note: executor: container (podman)\n"


def test_a_run_in_containers_by_the_command_line(tmp_path: Path, image: str) -> None:
    shell = Shell(tmp_path)
    shell.file("run.yaml", task_run({"image": image, "script": "printf 1 > $(results.out.path)"}))
    said = shell("run", "run.yaml", "--executor", "container", "--pull", "never", "-o", "json")
    assert said.code == 0, said.err
    assert said.json["status"]["results"] == [{"name": "out", "type": "string", "value": "1"}]
    assert "@sha256:" in said.json["status"]["steps"][0]["imageID"]
