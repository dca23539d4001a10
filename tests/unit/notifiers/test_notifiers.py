"""Notifiers: e-mail against a small SMTP server, a webhook against a small HTTP server, a file."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import threading

import pytest
from holkas.model.notice import Notice, NoticeKind
from holkas.model.revision import Person
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError
from holkas_builtin.notifiers import hooks
from holkas_builtin.notifiers.file import FileNotifier
from holkas_builtin.notifiers.smtp import SmtpNotifier
from holkas_builtin.notifiers.webhook import WebhookNotifier

from tests.notice_servers import mail_server, web_server

NOTICE = Notice(
    id="n-1",
    kind=NoticeKind.FAILURE,
    subject="Broken:\r\nBcc: evil@example.org ä",
    text="last line\nof the log\n.\n",
    recipients=(
        Person(name="Anna Ä", email="anna@example.org"),
        Person(name="Nobody"),
        Person(name="x", email="a@b\nc"),
    ),
    environment="test",
    command=("holkas", "run", "a b.yaml"),
    url="https://example.org/1",
)


@pytest.fixture
def mail():
    with mail_server() as server:
        yield server


def smtp(mail, environ=None, **options):
    given = {
        "host": "127.0.0.1",
        "port": mail.server_address[1],
        "tls": "none",
        "sender": "Holkas <holkas@example.org>",
    }
    return SmtpNotifier({**given, "timeout": 5, **options}, environ or {})


def test_a_mail_says_what_the_notice_says(mail):
    smtp(mail, recipients=["team@example.org"]).notify(NOTICE)
    message = email.message_from_bytes(mail.mails[0].removesuffix(b".\r\n"), policy=email.policy.default)
    assert message["Subject"] == "Broken: Bcc: evil@example.org ä"
    assert message["Bcc"] is None
    assert {one.addr_spec for one in message["To"].addresses} == {"anna@example.org", "team@example.org"}
    assert message["X-Holkas-Kind"] == "failure"
    assert message["X-Holkas-Environment"] == "test"
    text = message.get_content()
    assert "last line" in text
    assert "holkas run 'a b.yaml'" in text
    assert "https://example.org/1" in text
    assert not any("evil" in line for line in mail.lines if line.startswith("RCPT"))


def test_the_same_notice_has_the_same_message_id(mail):
    for _ in range(2):
        smtp(mail).notify(NOTICE)
    ids = {email.message_from_bytes(data)["Message-ID"] for data in mail.mails}
    assert len(ids) == 1


def test_a_notice_to_nobody_is_not_sent(mail):
    smtp(mail).notify(Notice(id="1", kind=NoticeKind.RECOVERY, subject="Fine"))
    assert mail.lines == []


def test_a_login_needs_its_password_and_tells_none(mail):
    options = {"username": "anna", "password-variable": "PASSWORD"}
    with pytest.raises(AccessDenied, match="PASSWORD"):
        smtp(mail, **options).notify(NOTICE)
    with pytest.raises(AccessDenied):
        smtp(mail, username="anna").notify(NOTICE)
    smtp(mail, {"PASSWORD": "s3cr3t"}, **options).notify(NOTICE)
    assert len(mail.mails) == 1
    mail.answers["AUTH"] = "535 s3cr3t is wrong"
    with pytest.raises(AccessDenied) as caught:
        smtp(mail, {"PASSWORD": "s3cr3t"}, **options).notify(NOTICE)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("RCPT", "550 unknown", ToolError),
        ("RCPT", "451 later", Retryable),
        ("MAIL", "452 full", Retryable),
        ("MAIL", "553 no", ToolError),
        ("DATA", "554 spam", ToolError),
    ],
)
def test_what_the_server_refuses(mail, verb, answer, error):
    mail.answers[verb] = answer
    with pytest.raises(ToolError) as caught:
        smtp(mail).notify(NOTICE)
    assert type(caught.value) is error


def test_no_mail_goes_in_clear_unless_told_so(mail):
    with pytest.raises(ToolError, match="STARTTLS"):
        smtp(mail, tls="starttls").notify(NOTICE)
    with pytest.raises(ToolError):
        smtp(mail, tls="implicit", timeout=1).notify(NOTICE)
    assert mail.mails == []


def test_a_server_that_is_not_there_is_tried_later():
    options = {"host": "127.0.0.1", "port": 1, "tls": "none", "sender": "a@b.org"}
    with pytest.raises(Retryable):
        SmtpNotifier(options, {}).notify(NOTICE)
    with pytest.raises(ToolError):
        SmtpNotifier({**options, "sender": "nobody"}, {})


@pytest.fixture
def web():
    with web_server() as server:
        yield server


def webhook(web, environ=None, **options):
    url = f"http://127.0.0.1:{web.server_port}/hook/t0ken"
    return WebhookNotifier({"url": url, "timeout": 5, **options}, environ or {})


def test_a_webhook_is_posted_and_signed(web):
    webhook(web, {"HOOK": "s3cr3t"}, **{"secret-variable": "HOOK"}).notify(NOTICE)
    ((path, headers, body),) = web.requests
    assert path == "/hook/t0ken"
    digest = hmac.new(b"s3cr3t", body, hashlib.sha256).hexdigest()
    assert headers["X-Holkas-Signature-256"] == f"sha256={digest}"
    assert headers["X-Holkas-Notice"] == "n-1"
    fields = json.loads(body)
    assert (fields["id"], fields["kind"], fields["command"]) == (
        "n-1",
        "failure",
        ["holkas", "run", "a b.yaml"],
    )
    assert fields["recipients"][0] == {"name": "Anna Ä", "email": "anna@example.org"}


def test_without_its_secret_nothing_is_posted(web):
    with pytest.raises(AccessDenied, match="HOOK"):
        webhook(web, **{"secret-variable": "HOOK"}).notify(NOTICE)
    assert web.requests == []
    webhook(web).notify(NOTICE)
    assert "X-Holkas-Signature-256" not in web.requests[0][1]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, ToolError),
        (400, ToolError),
        (401, AccessDenied),
        (404, NotFound),
        (429, Retryable),
        (503, Retryable),
    ],
)
def test_what_a_webhook_answers(web, status, error):
    web.status = status
    with pytest.raises(ToolError) as caught:
        webhook(web).notify(NOTICE)
    assert type(caught.value) is error
    assert len(web.requests) == 1, "tried once, no redirect followed"
    assert "t0ken" not in str(caught.value)


def test_a_webhook_that_is_not_there_is_tried_later():
    with pytest.raises(Retryable):
        WebhookNotifier({"url": "http://127.0.0.1:1/x", "timeout": 2}, {}).notify(NOTICE)
    with pytest.raises(ToolError):
        WebhookNotifier({"url": "http://", "timeout": 2}, {}).notify(NOTICE)


def test_a_file_has_each_notice_once(tmp_path):
    path = tmp_path / "deep" / "notices.jsonl"
    notifier = FileNotifier(path)
    other = Notice(id="n-2", kind=NoticeKind.RECOVERY, subject="Fine")
    for notice in (NOTICE, other, NOTICE):
        notifier.notify(notice)
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["n-1", "n-2"]
    with path.open("a") as file:
        file.write("garbage\n[]\n" + '{"id": "n-3", "half')
    notifier.notify(Notice(id="n-3", kind=NoticeKind.RECOVERY, subject="Fine"))
    lines = path.read_text().splitlines()
    assert json.loads(lines[-1])["id"] == "n-3"
    assert len(lines) == 5
    with pytest.raises(ToolError):
        FileNotifier(tmp_path).notify(NOTICE)


def test_many_writers_of_one_file_lose_nothing(tmp_path):
    path = tmp_path / "notices.jsonl"
    notices = [Notice(id=f"n-{number}", kind=NoticeKind.FAILURE, subject="x") for number in range(20)]
    threads = [threading.Thread(target=FileNotifier(path).notify, args=(notice,)) for notice in notices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {json.loads(line)["id"] for line in path.read_text().splitlines()} == {one.id for one in notices}


def test_they_come_by_the_hook(holkas_plugins, tmp_path):
    plugins = holkas_plugins(hooks)
    plugins.make("notifiers", "file", {"file": "told"}).notify(NOTICE)
    assert (tmp_path / "project" / "told").is_file()
    plugins.make("notifiers", "file", {}).notify(NOTICE)
    assert (tmp_path / "state" / "notices.jsonl").is_file()
    assert plugins.make("notifiers", "webhook", {"url": "https://example.org/"}).name == "webhook"
    assert plugins.make("notifiers", "smtp", {"host": "x", "sender": "a@b.org"}).name == "smtp"
