"""Releases, environments and a small web service for tests of the local agent."""

from __future__ import annotations

import hashlib
import socket
import urllib.request

import pytest
from holkas.model.artifact import Artifact
from holkas.model.environment import Environment
from holkas.model.release import Configuration, Release
from holkas.model.secret import Secret
from holkas_builtin.agent.agent import LocalAgent
from holkas_builtin.agent.place import EnvironmentPlace
from holkas_builtin.agent.service import Service

SERVICE = """
import http.server, os, sys
if os.environ.get("FAIL"):
    sys.exit("no: " + os.environ["PASSWORD"])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f'{os.environ["COLOUR"]} {os.environ["PASSWORD"]} {os.getpid()}'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def agent(holkas_context):
    with LocalAgent(holkas_context) as agent:
        yield agent


@pytest.fixture
def place(tmp_path):
    """The environment's directory; whatever still runs in it is ended."""
    place = EnvironmentPlace(tmp_path / "test")
    yield place
    Service(place.own).stop(1.0)


@pytest.fixture
def environment(place):
    def environment(**settings):
        return Environment(name="test", destination=str(place.directory), settings=settings)

    return environment


@pytest.fixture
def release(tmp_path):
    """Makes a release whose artifact ``app`` is a text."""

    def release(identity, text=SERVICE, *, files=None, secrets=None, digest="", **values):
        content = tmp_path / "content" / identity
        content.parent.mkdir(exist_ok=True)
        content.write_text(text, encoding="utf-8")
        digest = digest or f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
        return Release(
            id=identity,
            artifacts=(Artifact(name="app", version="1", digest=digest, size=len(text)),),
            configuration=Configuration(
                values={"COLOUR": identity, **values},
                secrets=secrets if secrets is not None else {"PASSWORD": Secret("s3cr3t-word")},
                files=files or {},
            ),
            content={"app": content},
        )

    return release


@pytest.fixture
def port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


@pytest.fixture
def web(port):
    """Settings of an environment in which the service runs."""
    return {
        "command": ["python3", "content/app", "$(PORT)"],
        "health": {"http": "http://127.0.0.1:$(PORT)/", "timeout": 20},
        "stop-timeout": 5,
    }


@pytest.fixture
def answer(port):
    """What the service says: colour, password, process number."""

    def answer():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return response.read().decode().split()

    return answer
