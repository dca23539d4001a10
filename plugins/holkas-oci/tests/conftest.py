"""A real docker-registry on 127.0.0.1, started once for all tests, with and without a password."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD = "anna", "s3cr3t-pa55"
_LISTENING = "listening on"
_PATIENCE = 30.0


@pytest.fixture(scope="session")
def start_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts a registry and returns its address: ``start_registry(htpasswd=True, delete=False)``."""
    started: list[subprocess.Popen[str]] = []

    def start(*, htpasswd: bool = False, delete: bool = True) -> str:
        program = shutil.which("docker-registry")
        if program is None:
            pytest.skip("docker-registry is not installed: apt-get install docker-registry")
        directory = tmp_path_factory.mktemp("registry")
        address = f"127.0.0.1:{_free_port()}"
        auth = _htpasswd(directory) if htpasswd else ""
        config = directory / "config.yml"
        config.write_text(
            f"version: 0.1\nlog: {{level: info}}\nstorage:\n  filesystem: {{rootdirectory: {directory}/data}}\n"
            f"  delete: {{enabled: {str(delete).lower()}}}\nhttp: {{addr: '{address}'}}\n{auth}",
            encoding="utf-8",
        )
        process = subprocess.Popen(
            [program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        _wait_for(process)
        return address

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def registry(start_registry: Callable[..., str]) -> str:
    """The address of a registry that everybody may use."""
    return start_registry()


@pytest.fixture(scope="session")
def private_registry(start_registry: Callable[..., str]) -> str:
    """The address of a registry that wants USER and PASSWORD."""
    return start_registry(htpasswd=True)


@pytest.fixture
def make(holkas_context: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes a repository below a prefix of the test's own: ``make(address, **settings)``; closed after the test."""
    from holkas_oci.making import made

    tools = []
    names = iter(f"t{abs(hash(request.node.nodeid))}-{number}" for number in range(1000))
    own = next(names)

    def make(address: str, *, prefix: str = own, **settings: Any) -> Any:
        options = {name.replace("_", "-"): value for name, value in settings.items()}
        tool = made(replace(holkas_context, options={"registry": f"{address}/{prefix}", **options}))
        tools.append(tool)
        return tool

    yield make
    for tool in tools:
        tool.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _htpasswd(directory: Path) -> str:
    program = shutil.which("htpasswd")
    if program is None:
        pytest.skip("htpasswd is not installed: apt-get install apache2-utils")
    done = subprocess.run([program, "-Bbn", USER, PASSWORD], capture_output=True, text=True, check=True)
    (directory / "htpasswd").write_text(done.stdout, encoding="utf-8")
    return f"auth: {{htpasswd: {{realm: contract, path: {directory}/htpasswd}}}}\n"


def _wait_for(process: subprocess.Popen[str]) -> None:
    """Until it says that it listens; what it says later is read, so that it never waits for us."""
    ready, said = threading.Event(), []

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            if not ready.is_set():
                said.append(line)
                if _LISTENING in line:
                    ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    assert ready.wait(_PATIENCE), "docker-registry does not say that it listens"
    assert process.poll() is None, "docker-registry ended: " + "".join(said)
