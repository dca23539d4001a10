"""The two small servers of ``holkas app watch``: metrics on the loopback, and webhooks that say that there is something
new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from holkas.cli.event_server import Answer, EventServer, Posted

if TYPE_CHECKING:
    from holkas.model.secret import Secret
    from holkas.roles.version_control import VersionControl

_MAX_BODY = 25 * 1024 * 1024
"""GitHub sends no larger one."""


class _MetricsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, text: Callable[[], str]) -> None:
        self.text = text
        super().__init__(("127.0.0.1", port), _MetricsHandler)


class _MetricsHandler(BaseHTTPRequestHandler):
    server: _MetricsServer
    timeout = 10.0
    server_version = "holkas"
    sys_version = ""

    def do_GET(self) -> None:
        """``/metrics``, and ``/live`` for whoever wants to know that the process is."""
        found = self._found(self.path.partition("?")[0])
        data = (found or "there is /metrics and /live\n").encode()
        self.send_response(HTTPStatus.OK if found is not None else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _found(self, path: str) -> str | None:
        if path == "/metrics":
            return self.server.text()
        return "ok\n" if path == "/live" else None

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def metrics_server(port: int | None, text: Callable[[], str]) -> Iterator[str]:
    """Serves metrics on the loopback; its URL, empty where no port is given. Raises OSError."""
    if port is None:
        yield ""
        return
    with _serving(_MetricsServer(port, text)) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}/metrics"


@contextmanager
def webhook_server(
    address: tuple[str, int] | None,
    secret: Secret | None,
    tool: VersionControl | None,
    poke: Callable[[], None],
    say: Callable[[str], None],
) -> Iterator[str]:
    """Takes webhooks; its URL, empty where no address is given. Raises OSError.

    secret, tool: what signs the events and who checks that; without them every POST is believed, which does no more
    than a look that would have come anyway.
    """
    if address is None:
        yield ""
        return

    def take(posted: Posted) -> Answer:
        if secret is not None and tool is not None and (fault := _fault(posted, secret, tool)):
            return Answer(HTTPStatus.FORBIDDEN, {"error": fault})
        poke()
        return Answer(HTTPStatus.ACCEPTED, {"status": "looking"})

    server = EventServer(
        address, take, lambda message: {"error": message}, say, max_body=_MAX_BODY, connections=16
    )
    with _serving(server):
        yield server.url


def _fault(posted: Posted, secret: Secret, tool: VersionControl) -> str:
    from holkas.roles.errors import ToolError

    try:
        tool.receive({name.lower(): value for name, value in posted.headers}, posted.body, secret)
    except ToolError:
        return "the signature is missing or wrong"
    return ""


@contextmanager
def _serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
