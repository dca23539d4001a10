"""Servers on 127.0.0.1 that take notices and keep them: of mails, of POST requests."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Mail(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs; ``server.answers`` overrides what a command is answered with."""

    server: Any

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line.split(maxsplit=1)[0].upper()
            self.server.lines.append(line)
            if verb == "DATA" and "DATA" not in self.server.answers:
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                self.server.mails.append(data)
                self.say("250 taken")
                continue
            default = {"EHLO": "250-here\r\n250 AUTH PLAIN", "QUIT": "221 bye", "AUTH": "235 welcome"}
            self.say(self.server.answers.get(verb) or default.get(verb, "250 ok"))
            if verb == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class Hook(http.server.BaseHTTPRequestHandler):
    """Answers with ``server.status``."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        return


@contextmanager
def mail_server() -> Iterator[Any]:
    """``mails``: what was sent, as bytes. ``lines``: commands. ``answers``: verb → what it is answered with."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as made:
        server: Any = made
        server.mails, server.lines, server.answers = [], [], {}
        with _serving(server):
            yield server


@contextmanager
def web_server() -> Iterator[Any]:
    """``requests``: path, headers and body of each POST. ``status``: what they are answered with."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as made:
        server: Any = made
        server.requests, server.status = [], 204
        with _serving(server):
            yield server


@contextmanager
def _serving(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
