"""The HTTP side: what is taken, what is turned away, and what strangers can do to it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from http import HTTPStatus

import pytest
from holkas.cli.event_server import Answer, EventServer

from tests.command_line import eventually


class Service:
    """A server on a free port of 127.0.0.1 with the requests that it took."""

    def __init__(self, **options):
        self.taken = []
        self.lines = []
        self.hold = threading.Event()
        self.hold.set()
        self.server = EventServer(
            ("127.0.0.1", 0),
            self._take,
            lambda message: {"errorMessage": message},
            self.lines.append,
            **{"max_body": 1000, **options},
        )
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(poll_interval=0.05))
        self.thread.start()

    def _take(self, posted):
        self.taken.append(posted)
        self.hold.wait(30)
        if posted.body == b"boom":
            raise RuntimeError("a secret in an error")
        return Answer(HTTPStatus.ACCEPTED, {"eventID": "e"})

    def close(self):
        self.hold.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def post(self, body=b"{}", method="POST", path="/", **headers):
        connection = http.client.HTTPConnection(*self.server.server_address[:2], timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()

    def raw(self, data, *, rest=b""):
        """What comes back for bytes, until the server closes."""
        with socket.create_connection(self.server.server_address[:2], timeout=30) as connection:
            connection.sendall(data)
            if rest:
                connection.sendall(rest)
            received = b""
            try:
                while piece := connection.recv(4096):
                    received += piece
            except ConnectionResetError:
                pass
            return received


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


@pytest.fixture
def start():
    made = []

    def start(**options):
        made.append(Service(**options))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_an_event_is_taken_with_its_headers_and_every_byte(service):
    status, body = service.post(b'{ "a" :1}\n', path="/hook?token=x", X_Kind="push")
    assert (status, body) == (202, {"eventID": "e"})
    (posted,) = service.taken
    assert posted.body == b'{ "a" :1}\n'
    assert posted.url == "/hook?token=x"
    assert ("X-Kind", "push") in posted.headers


def test_the_log_has_one_line_without_the_query_and_the_body(service):
    service.post(b'{"password": "p"}', path="/hook?token=x")
    eventually(lambda: service.lines)  # the line is written after the answer
    (line,) = service.lines
    assert line.startswith("127.0.0.1 POST /hook 202 event=e ")
    assert "token" not in line
    assert "password" not in line


def test_the_probe_is_answered_and_other_methods_are_not(service):
    assert service.post(None, "GET", "/live") == (200, {})
    assert service.post(None, "GET", "/")[0] == 405
    assert service.post(b"{}", "PUT")[0] == 501
    assert not service.taken


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Content-Length: 1001\r\n", 413),
        (b"Content-Length: 99999999999999999999\r\n", 400),
        (b"Content-Length: -1\r\n", 400),
        (b"Content-Length: 1e2\r\n", 400),
        (b"Content-Length: \xd9\xa3\r\n", 400),
        (b"Content-Length: 2\r\nContent-Length: 3\r\n", 400),
        (b"Transfer-Encoding: chunked\r\n", 411),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", 411),
        (b"", 411),
        (b"Content-Length: 2\r\nOrigin: http://evil.example\r\n", 403),
        (b"Content-Length: 2\r\nOrigin: null\r\n", 403),
        (b"Expect: 100-continue\r\nContent-Length: 5000\r\n", 413),
    ],
)
def test_what_is_refused_before_the_body_is_read(service, headers, status):
    said = service.raw(b"POST / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
    assert said.startswith(b"HTTP/1.1 %d " % status)
    assert b"errorMessage" in said
    assert not service.taken


def test_a_sender_that_waits_for_consent_gets_it(service):
    said = service.raw(
        b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", rest=b"{}"
    )
    assert said.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 202 " in said


@pytest.mark.parametrize(
    "data",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1 extra\r\n\r\n",
        b"POST /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % number for number in range(200)) + b"\r\n",
        b"POST / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    ],
    ids=["garbage", "tls", "version", "words", "url", "headers", "header"],
)
def test_what_is_no_request_is_answered_without_its_own_words(service, data):
    said = service.raw(data)
    assert b"GARBAGE" not in said
    assert b"Traceback" not in said
    assert not service.taken
    assert service.post()[0] == 202


def test_a_folded_or_strange_header_does_not_reach_the_next_line(service):
    service.raw(
        b"POST /\x1b[2J HTTP/1.1\r\nHost: x\r\nX-A: one\r\n two\r\nX-B: \x1b[31m\r\nContent-Length: 2\r\n\r\n{}"
    )
    (posted,) = service.taken
    assert dict(posted.headers)["X-A"] == "one two"
    assert all("\n" not in value and "\r" not in value for _, value in posted.headers)
    eventually(lambda: service.lines)
    assert all("\x1b" not in line and "\n" not in line for line in service.lines)


def test_a_body_that_stops_early_is_refused(service):
    with socket.create_connection(service.server.server_address[:2], timeout=30) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    assert not service.taken


def test_a_slow_sender_is_cut_off_and_the_others_are_served(start):
    service = start(deadline=0.3)
    with socket.create_connection(service.server.server_address[:2], timeout=30) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{")
        assert service.post()[0] == 202
        assert slow.recv(1000)[:12] in (b"", b"HTTP/1.1 400")
    assert len(service.taken) == 1


def test_a_request_that_was_sent_in_time_may_take_longer(start):
    service = start(deadline=0.2)
    service.hold.clear()
    threading.Timer(0.8, service.hold.set).start()
    assert service.post()[0] == 202


def test_more_connections_than_places_are_turned_away(start):
    service = start(connections=1)
    service.hold.clear()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(service.post()[0]))
    thread.start()
    eventually(lambda: service.taken)
    with pytest.raises((http.client.HTTPException, OSError)):
        service.post()
    service.hold.set()
    thread.join()
    assert answers == [202]
    assert any("too many connections" in line for line in service.lines)
    eventually(lambda: _served(service))


def _served(service):
    """Whether the place is free again."""
    try:
        return service.post()[0] == 202
    except (http.client.HTTPException, OSError):
        return False


def test_a_bug_is_one_line_without_what_it_was_about(service):
    with pytest.raises(http.client.HTTPException):
        service.post(b"boom")
    eventually(lambda: service.lines)
    assert service.lines == ["127.0.0.1 failed: RuntimeError"]
    assert service.post()[0] == 202


def test_the_address_is_told_as_a_url(service):
    port = service.server.server_address[1]
    assert service.server.url == f"http://127.0.0.1:{port}"
