"""Deliveries with fake tools, from the request to the last environment."""

from __future__ import annotations

from holkas.delivery import event_types as on
from holkas.delivery.delivery_state import Outcome

from tests.deliveries import stage


def test_a_commit_goes_through_all_environments_with_one_digest(shop):
    shop.commit("one")
    done = shop.deliver()
    assert done.outcome is Outcome.SUCCEEDED
    digests = {
        entry.data["artifacts"]["shop"]
        for entry in shop.ledger.read_all()
        if entry.type == on.DEPLOYMENT_STARTED
    }
    assert digests == set(done.digests.values())
    for name in ("dev", "test", "prod"):
        assert shop.running(name) == shop.head
        assert shop.board(name)["health"] == "Healthy"
        assert shop.really(name) == shop.board(name)["release"]["release"]
    assert shop.ledger.verify() == []


def test_the_same_commit_again_does_nothing_new(shop):
    shop.commit("one")
    first = shop.deliver()
    before = shop.ledger.last_seq()
    assert shop.deliver() == first
    assert shop.ledger.last_seq() == before


def test_a_manual_gate_waits_until_somebody_approves(shop):
    shop.define(stage("dev"), stage("prod", manual=True, approvers=("boss",)))
    shop.commit("one")
    assert shop.deliver().outcome is None
    assert shop.board("prod")["waiting"]["why"] == "approval"
    assert shop.running("prod") == ""
