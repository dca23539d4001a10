"""Probes of sidecars against real ports and programs."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from holkas.extensions.executor import Command, Place, Session
from holkas.testing.fakes.executor import FakeProcess
from holkas_builtin.executors.process import ProcessExecutor
from holkas_builtin.runner.probes import holds


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        wanted = self.path == "/ok" or self.headers.get("X-Who") == "holkas"
        self.send_response(204 if wanted else 500)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
    return number


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    executor = ProcessExecutor()
    yield executor.open(Place(directory=tmp_path))
    executor.close()


COMMAND = Command(argv=("sleep", "60"))
PROCESS = FakeProcess(0)


def test_ports(session: Session, port: int, closed_port: int) -> None:
    assert holds(session, PROCESS, COMMAND, {"tcpSocket": {"port": port}})
    assert holds(session, PROCESS, COMMAND, {"grpc": {"port": str(port)}})
    assert not holds(session, PROCESS, COMMAND, {"tcpSocket": {"port": closed_port}})
    assert not holds(session, PROCESS, COMMAND, {"tcpSocket": {"port": "a-name"}})
    assert not holds(session, PROCESS, COMMAND, {"tcpSocket": {}})


def test_pages(session: Session, port: int, closed_port: int) -> None:
    assert holds(session, PROCESS, COMMAND, {"httpGet": {"port": port, "path": "/ok"}})
    header = [{"name": "X-Who", "value": "holkas"}]
    assert holds(session, PROCESS, COMMAND, {"httpGet": {"port": port, "httpHeaders": header}})
    assert not holds(session, PROCESS, COMMAND, {"httpGet": {"port": port, "path": "/other"}})
    assert not holds(session, PROCESS, COMMAND, {"httpGet": {"port": closed_port}})
    assert not holds(session, PROCESS, COMMAND, {"httpGet": {"port": port, "path": "/ok", "scheme": "HTTPS"}})


def test_programs(session: Session) -> None:
    assert holds(session, PROCESS, COMMAND, {"exec": {"command": ["true"]}})
    assert not holds(session, PROCESS, COMMAND, {"exec": {"command": ["false"]}})
    assert not holds(session, PROCESS, COMMAND, {"exec": {"command": ["/no/such/program"]}})
    assert not holds(session, PROCESS, COMMAND, {"exec": {"command": []}})
    assert not holds(
        session, PROCESS, COMMAND, {"exec": {"command": ["sleep", "60"]}, "timeoutSeconds": 0.05}
    )


def test_a_probe_that_asks_nothing_holds(session: Session) -> None:
    assert holds(session, PROCESS, COMMAND, {"periodSeconds": 1})
