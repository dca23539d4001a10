"""Leases are renewed before they end, and not when they were given back."""

from __future__ import annotations

import threading

import pytest
from holkas.roles.errors import Retryable, ToolError
from holkas_vault.keeping import Keeper, held


class Server:
    """Renews what is asked for, or raises what ``error`` is."""

    def __init__(self):
        self.now, self.asked, self.error = 1000.0, [], None
        self.called = threading.Event()

    def renew(self, id):
        self.asked.append(id)
        self.called.set()
        if self.error:
            raise self.error
        return held(id, self.now, 90.0, True)


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def keeper(server, monkeypatch):
    monkeypatch.setattr(Keeper, "_run", lambda self: None)
    return Keeper(server.renew, clock=lambda: server.now)


def test_a_lease_is_renewed_when_two_thirds_are_over(server, keeper):
    keeper.hold(held("a", 1000.0, 90.0, True))
    server.now = 1059.0
    assert keeper.renew_due() == 1.0
    assert server.asked == []
    server.now = 1060.0
    assert keeper.renew_due() == 60.0
    assert server.asked == ["a"]


def test_what_cannot_be_renewed_or_never_ends_is_left_alone(server, keeper):
    keeper.hold(held("a", 1000.0, 90.0, False))
    keeper.hold(held("b", 1000.0, 0.0, True))
    server.now = 2000.0
    assert keeper.renew_due() is None
    assert server.asked == []
    assert keeper.ids() == ("a", "b")


def test_a_server_that_is_down_is_asked_again(server, keeper, caplog):
    keeper.hold(held("a", 1000.0, 90.0, True))
    server.now, server.error = 1060.0, Retryable("down")
    assert keeper.renew_due() == 10.0
    server.now, server.error = 1070.0, None
    assert keeper.renew_due() == 60.0
    assert server.asked == ["a", "a"]
    assert "cannot be renewed yet" in caplog.text


def test_a_lease_that_has_ended_while_the_server_was_down_is_not_asked_for(server, keeper):
    keeper.hold(held("a", 1000.0, 90.0, True))
    server.now, server.error = 1090.0, Retryable("down")
    assert keeper.renew_due() is None


def test_a_lease_that_is_refused_is_left_to_end(server, keeper, caplog):
    keeper.hold(held("a", 1000.0, 90.0, True))
    server.now, server.error = 1060.0, ToolError("max ttl")
    assert keeper.renew_due() is None
    assert keeper.ids() == ("a",)
    assert "max ttl" in caplog.text


def test_what_was_given_back_meanwhile_does_not_come_back(server, keeper):
    keeper.hold(held("a", 1000.0, 90.0, True))
    server.now = 1060.0
    renew = server.renew
    keeper._renew = lambda id: (keeper.drop(id), renew(id))[1]
    assert keeper.renew_due() is None
    assert keeper.ids() == ()


def test_a_thread_renews_and_ends(server):
    keeper = Keeper(server.renew, clock=lambda: server.now)
    keeper.hold(held("a", 900.0, 90.0, True))
    assert server.called.wait(10)
    (thread,) = [one for one in threading.enumerate() if one.name == "holkas-vault-leases"]
    keeper.close()
    assert not thread.is_alive()
    keeper.hold(held("b", 1000.0, 90.0, True))
    assert keeper.ids() == ("a",)
