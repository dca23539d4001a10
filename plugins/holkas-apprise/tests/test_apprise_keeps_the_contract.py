"""The notifier keeps its contract with a service of this machine, and tells what does not work without secrets."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from holkas.model.notice import Notice, NoticeKind
from holkas.model.revision import Person
from holkas.roles.errors import AccessDenied, Retryable, ToolError
from holkas.testing.contracts.notifier import NotifierContract
from holkas_apprise import hooks
from holkas_apprise.notifier import AppriseNotifier

NOTICE = Notice(
    id="n-1", kind=NoticeKind.FAILURE, subject="shop failed", text="the disk is full", command=("holkas", "run", "a b"),
    recipients=(Person(name="Anna", email="anna@example.org"), Person(name="", email="bert@example.org")),
)  # fmt: skip


class Service(BaseHTTPRequestHandler):
    """Keeps what is posted; ``server.status`` is what it answers."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, json.loads(body)))
        self.send_response(self.server.status.get(self.path.strip("/"), 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def service():
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        server.posted, server.status = [], {}
        server.address = f"json://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class TestApprise(NotifierContract):
    @pytest.fixture
    def notifier(self, service):
        return AppriseNotifier({"urls": [service.address]}, {})

    @pytest.fixture
    def received(self, service):
        return lambda: [f"{body['title']}\n{body['message']}" for _, body in service.posted]

    @pytest.fixture
    def down(self):
        return AppriseNotifier({"urls": ["json://127.0.0.1:1"]}, {})


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    assert plugins.make("notifiers", "apprise", {"urls": ["json://127.0.0.1"]}).name == "apprise"
    assert plugins.problems == []


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (NoticeKind.FAILURE, "failure"),
        (NoticeKind.RECOVERY, "success"),
        (NoticeKind.APPROVAL, "warning"),
        (NoticeKind.INFORMATION, "info"),
    ],
)
def test_a_message_says_what_the_notice_says(service, kind, shown):
    environ = {"CHAT": f"{service.address}/one  {service.address}/two"}
    notifier = AppriseNotifier({"url-variables": ["CHAT"]}, environ)
    notifier.notify(Notice(id=str(kind), kind=kind, subject="shop", text=NOTICE.text, command=NOTICE.command))
    assert [path.strip("/") for path, _ in service.posted] == ["one", "two"]
    body = service.posted[0][1]
    assert (body["title"], body["type"]) == ("shop", shown)
    assert "the disk is full" in body["message"]
    assert "holkas run 'a b'" in body["message"]


def test_whom_it_concerns_is_named(service):
    AppriseNotifier({"urls": [service.address]}, {}).notify(NOTICE)
    assert service.posted[0][1]["message"].rstrip().endswith("for Anna, bert@example.org")


def test_only_who_has_not_taken_it_gets_it_again(service):
    notifier = AppriseNotifier({"urls": [f"{service.address}/good", f"{service.address}/bad"]}, {})
    service.status["bad"] = 503
    with pytest.raises(Retryable):
        notifier.notify(NOTICE)
    service.status.clear()
    notifier.notify(NOTICE)
    assert [path.strip("/") for path, _ in service.posted] == ["good", "bad", "bad"]


def test_no_message_holds_a_secret(service, caplog, capfd):
    address = service.address.replace("json://", "json://somebody:s3cr3t@") + "/t0ken?rto=1"
    service.status["t0ken"] = 401
    with pytest.raises(Retryable) as caught:
        AppriseNotifier({"url-variables": ["CHAT"]}, {"CHAT": address}).notify(NOTICE)
    with pytest.raises(ToolError) as wrong:
        AppriseNotifier({"url-variables": ["CHAT"]}, {"CHAT": "nothing://s3cr3t"}).notify(NOTICE)
    shown = [str(caught.value), str(wrong.value), caplog.text, *capfd.readouterr()]
    assert not any("s3cr3t" in one for one in shown)
    assert "127.0.0.1" in shown[0]
    assert "$CHAT" in shown[1]


def test_what_is_not_named_is_told():
    with pytest.raises(AccessDenied, match="CHAT"):
        AppriseNotifier({"url-variables": ["CHAT"]}, {}).notify(NOTICE)
    with pytest.raises(ToolError, match="no service"):
        AppriseNotifier({}, {}).notify(NOTICE)
