"""The HTTP side of ``holkas listen``: takes requests, one thread each, and answers as an EventListener does.

A request is a POST with a Content-Length. Limits: size, time to send it, connections at once. Browsers are turned away:
they send an Origin, and no page may start runs on the machine of whoever looks at it.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from holkas.cli.render.printable import printable
from holkas.records import dataclass

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_IDLE = 10.0
"""Seconds between two pieces of a request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told."""

    status: HTTPStatus
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """A whole request. ``url``: path and query."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


Take = Callable[[Posted], Answer]
Refuse = Callable[[str], dict[str, Any]]


class EventServer(ThreadingHTTPServer):
    """Listens; ``take`` makes the answer to a request, ``refuse`` the body of one that is turned away before.

    max_body: bytes. deadline: seconds that a sender has for the whole request. connections: at once.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        take: Take,
        refuse: Refuse,
        say: Callable[[str], None],
        *,
        max_body: int,
        deadline: float = 30.0,
        connections: int = 32,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.take, self.refuse, self.say, self.max_body = take, refuse, say, max_body
        self._deadline = deadline
        self._places = threading.BoundedSemaphore(connections)
        self._reading: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        """Where it is to be reached."""
        host, port = self.server_address[:2]
        name = host.decode() if isinstance(host, bytes | bytearray) else str(host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand a connection to a thread of its own, unless there are too many."""
        if not self._places.acquire(blocking=False):
            self.say(f"{client_address[0]} turned away: too many connections")
            self.shutdown_request(request)
            return
        with self._lock:
            self._reading[request] = time.monotonic() + self._deadline
        try:
            super().process_request(request, client_address)
        except BaseException:
            self.done_reading(request)
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.done_reading(request)
            self._places.release()

    def done_reading(self, request: socket.socket) -> None:
        """The sender has sent everything: its time does not matter any more."""
        with self._lock:
            self._reading.pop(request, None)

    def service_actions(self) -> None:
        """Called between requests: end connections whose senders take too long."""
        now = time.monotonic()
        with self._lock:
            late = [request for request, end in self._reading.items() if end < now]
        for request in late:
            self.done_reading(request)
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:  # gone already
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke, or a bug: one line either way, never a traceback with a body in it."""
        import sys

        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            self.say(f"{client_address[0]} failed: {type(error).__name__}")


class _Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    protocol_version = "HTTP/1.1"
    server_version = "holkas"
    sys_version = ""
    timeout = _IDLE
    server: EventServer

    def do_POST(self) -> None:
        """An event."""
        started = time.monotonic()
        fault = self._fault()
        if fault is not None:
            self._answer(*fault, started)
            return
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        self.server.done_reading(self.connection)
        if len(body) < length:
            self._answer(HTTPStatus.BAD_REQUEST, "the body is shorter than its Content-Length", started)
            return
        headers = tuple((name, _FOLD.sub(" ", value).strip()) for name, value in self.headers.items())
        answer = self.server.take(Posted(self.path, headers, body))
        self._send(answer, started)

    def do_GET(self) -> None:
        """The probe of an EventListener: ``/live``."""
        started = time.monotonic()
        if self.path == "/live":
            self._send(Answer(HTTPStatus.OK, {}), started)
        else:
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, "events are posted", started)

    def handle_expect_100(self) -> bool:
        """Ask for the body only when it will be taken."""
        fault = self._fault()
        if fault is None:
            return super().handle_expect_100()
        self._answer(*fault, time.monotonic())
        return False

    def _fault(self) -> tuple[HTTPStatus, str] | None:
        """Why the request is refused before its body is read."""
        if self.headers.get("Origin") is not None:
            return HTTPStatus.FORBIDDEN, "browsers post no events"
        lengths = self.headers.get_all("Content-Length") or []
        if self.headers.get("Transfer-Encoding") is not None or not lengths:
            return HTTPStatus.LENGTH_REQUIRED, "a Content-Length is needed"
        if len(set(lengths)) > 1 or not re.fullmatch(r"[0-9]{1,15}", lengths[0]):
            return HTTPStatus.BAD_REQUEST, "the Content-Length is no number"
        if int(lengths[0]) > self.server.max_body:
            return (
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the body has more than {self.server.max_body} bytes",
            )
        return None

    def _answer(self, status: HTTPStatus, message: str, started: float) -> None:
        self._send(Answer(status, self.server.refuse(message)), started)

    def _send(self, answer: Answer, started: float) -> None:
        data = json.dumps(answer.body).encode() + b"\n"
        self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        if answer.status is HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "30")
        self.end_headers()
        self.wfile.write(data)
        # The query may hold a token, and the path is a stranger's text.
        path = printable(self.path.partition("?")[0])[:100]
        event = f" event={answer.body['eventID']}" if "eventID" in answer.body else ""
        took = (time.monotonic() - started) * 1000
        self.server.say(
            f"{self.client_address[0]} {self.command} {path} {int(answer.status)}{event} {took:.0f}ms"
        )

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself refuses, as JSON as well and without the request's words."""
        self.path, self.command = getattr(self, "path", ""), getattr(self, "command", None) or "?"
        self.request_version = self.protocol_version
        status = HTTPStatus(code)
        self._answer(status, status.phrase, time.monotonic())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the log has one line a request, written when it is answered."""
