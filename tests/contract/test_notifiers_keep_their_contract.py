"""Notifiers, fake and built-in, keep the contract that a plugin's have to keep."""

from __future__ import annotations

import email
import email.policy
import json

import pytest
from holkas.testing.contracts.notifier import NotifierContract
from holkas.testing.fakes.notifier import FakeNotifier
from holkas_builtin.notifiers.file import FileNotifier
from holkas_builtin.notifiers.smtp import SmtpNotifier
from holkas_builtin.notifiers.webhook import WebhookNotifier

from tests.notice_servers import mail_server, web_server


def seen(fields):
    """A notice as JSON, as one text."""
    return f"{fields['subject']}\n{fields['text']}"


class TestFake(NotifierContract):
    @pytest.fixture
    def notifier(self):
        return FakeNotifier()

    @pytest.fixture
    def received(self, notifier):
        return lambda: [f"{one.subject}\n{one.text}" for one in notifier.notices.values()]

    @pytest.fixture
    def down(self):
        notifier = FakeNotifier()
        notifier.down = True
        return notifier


class TestFile(NotifierContract):
    @pytest.fixture
    def notifier(self, tmp_path):
        return FileNotifier(tmp_path / "notices.jsonl")

    @pytest.fixture
    def received(self, tmp_path):
        return lambda: [
            seen(json.loads(line)) for line in (tmp_path / "notices.jsonl").read_text().splitlines()
        ]

    @pytest.fixture
    def down(self, tmp_path):
        return FileNotifier(tmp_path)


class TestWebhook(NotifierContract):
    @pytest.fixture
    def web(self):
        with web_server() as server:
            yield server

    @pytest.fixture
    def notifier(self, web):
        return WebhookNotifier({"url": f"http://127.0.0.1:{web.server_port}/hook"}, {})

    @pytest.fixture
    def received(self, web):
        return lambda: [seen(json.loads(body)) for _, _, body in web.requests]

    @pytest.fixture
    def down(self):
        return WebhookNotifier({"url": "http://127.0.0.1:1/"}, {})


class TestSmtp(NotifierContract):
    recipient = "anna@example.org"

    @pytest.fixture
    def mail(self):
        with mail_server() as server:
            yield server

    @pytest.fixture
    def notifier(self, mail):
        return SmtpNotifier(self.options(mail.server_address[1]), {})

    @pytest.fixture
    def received(self, mail):
        def shown(data):
            message = email.message_from_bytes(data.removesuffix(b".\r\n"), policy=email.policy.default)
            return f"{message['Subject']}\n{message.get_content()}"

        return lambda: [shown(data) for data in mail.mails]

    @pytest.fixture
    def down(self):
        return SmtpNotifier(self.options(1), {})

    def options(self, port):
        return {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "holkas@example.org"}


class _Forgetful(FakeNotifier):
    """Shows the first line alone, and takes every second notice."""

    def notify(self, notice):
        from dataclasses import replace

        self.count = getattr(self, "count", 0) + 1
        if self.count % 2:
            super().notify(replace(notice, text=notice.text.partition("\n")[0]))


def test_the_contract_finds_faults():
    contract, faulty = NotifierContract(), _Forgetful()
    notice = TestFake.notice.__wrapped__(contract)
    received = TestFake.received.__wrapped__(contract, faulty)
    with pytest.raises(AssertionError):
        contract.test_a_notice_arrives_whole(faulty, notice, received)
    with pytest.raises(AssertionError):
        contract.test_many_at_once_arrive(faulty, notice, received)
    with pytest.raises(pytest.fail.Exception):
        contract.test_a_channel_that_is_down_says_so(faulty, notice)
