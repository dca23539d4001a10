"""A release that cannot be brought in is told to those who may have caused it; and that it works again."""

from __future__ import annotations

import json

import pytest
from holkas.delivery import event_types as on
from holkas.delivery.definition import FeedbackRule, PullRule
from holkas.delivery.dora import dora
from holkas.model.environment import Environment
from holkas.model.event import EventQuery
from holkas.roles.errors import Retryable
from holkas.state.ledger import Ledger

from tests.deliveries import ANNA, BERT, Died, Mortal, stage

CONFIG = "config.git"


@pytest.fixture
def pulled(shop):
    """A project with one environment that is pulled, in which the first release works."""
    shop.tools.control.create(CONFIG)
    shop.define(
        stage("prod", pull=PullRule(repository=CONFIG)), feedback=(FeedbackRule(notifier="chat"),)
    )  # fmt: skip
    shop.commit("one", CODEOWNERS=b"app @shop-owners\n")
    shop.deliver()
    look(shop)
    assert stands(shop) == ["Synced", "Healthy"]
    return shop


def look(shop, passes=4, ledger=None):
    """A watch of its own, with some passes: another process, as far as it can tell."""
    loop = shop.pull_loop(ledger)
    try:
        for _ in range(passes):
            shop.now += 400
            loop.run_pass()
        shop.stands = loop.statuses["shop.prod"]
    finally:
        loop.close()


def stands(shop):
    return [str(one) for one in shop.stands]


def notices(shop):
    return [
        (one.kind.value, sorted(to.email or to.name for to in one.recipients)) for one in told(shop)
    ]  # fmt: skip


def told(shop):
    return list(shop.tools.channel.notices.values())


def pulls(shop):
    """What the pulling side recorded about the environment."""
    return [entry.type for entry in shop.ledger.read(on.environment_stream("shop", "prod"))
            if entry.type.startswith("release.")]  # fmt: skip


def commit_by_hand(shop, data):
    shop.tools.control.commit(CONFIG, "main", {"prod/release.json": data}, "by hand", author=BERT)


def test_a_failure_goes_to_authors_since_the_last_good_release_and_to_owners(pulled):
    good = pulled.head
    pulled.tools.local.failing.add("prod")
    for text, author in (("two", ANNA), ("three", BERT)):
        pulled.commit(text, author)
    pulled.deliver()
    look(pulled)
    assert notices(pulled) == [("failure", ["@shop-owners", "anna@example.org", "bert@example.org"])]
    notice = told(pulled)[0]
    assert "prod was told to fail" in notice.text
    assert f"last good revision there: {good}" in notice.text
    assert "last lines of the log:\n  " in notice.text
    assert notice.command == ("holkas", "watch", "prod", "--once")
    assert pulled.board("prod")["health"] == "Degraded"
    assert pulls(pulled) == [on.RELEASE_APPLIED, on.RELEASE_FAILED]


def test_what_goes_on_failing_is_told_once_and_recovery_to_the_same_people(pulled):
    pulled.tools.local.failing.add("prod")
    pulled.commit("two", BERT)
    pulled.deliver()
    for _ in range(3):
        look(pulled)
    assert notices(pulled) == [("failure", ["@shop-owners", "bert@example.org"])]
    pulled.tools.local.failing.clear()
    for _ in range(2):
        look(pulled)
    assert notices(pulled) == [
        ("failure", ["@shop-owners", "bert@example.org"]), ("recovery", ["@shop-owners", "bert@example.org"]),
    ]  # fmt: skip
    assert pulled.board("prod")["health"] == "Healthy"
    types = [event.type for event in pulled.tools.log.query(EventQuery())]
    assert [one for one in types if "incident" in one] == [
        "dev.cdevents.incident.detected.0.2.0", "dev.cdevents.incident.resolved.0.2.0",
    ]  # fmt: skip

    pulled.tools.local.failing.add("prod")
    pulled.commit("three", ANNA)
    pulled.deliver()
    look(pulled)
    assert [kind for kind, _ in notices(pulled)] == ["failure", "recovery", "failure"]
    assert notices(pulled)[2] == ("failure", ["@shop-owners", "anna@example.org"])


def test_what_fails_on_the_other_side_counts_as_a_failed_change(pulled):
    pulled.tools.local.failing.add("prod")
    pulled.commit("two", BERT)
    pulled.deliver()
    look(pulled)
    pulled.tools.local.failing.clear()
    look(pulled)
    (metrics,) = dora(pulled.ledger.read_all(), since=0.0, until=pulled.now + 1)
    assert (metrics.attempts, metrics.failures, metrics.change_failure_rate) == (2, 1, 0.5)
    assert 400 <= metrics.time_to_restore <= 1600


def test_a_release_that_comes_up_degraded_is_a_failure(pulled):
    pulled.commit("two", BERT)
    pulled.deliver()
    document = json.loads(_document(pulled))
    pulled.tools.local.unhealthy.add(document["release"])
    look(pulled)
    assert [kind for kind, _ in notices(pulled)] == ["failure"]
    assert "Degraded" in told(pulled)[0].text


def _document(shop):
    control = shop.tools.control
    return control._files(control.resolve(CONFIG))["prod/release.json"]


def test_what_is_no_release_is_told_to_who_committed_it(pulled):
    commit_by_hand(pulled, b"[]")
    look(pulled)
    assert notices(pulled) == [("failure", ["bert@example.org"])]
    assert "D102" in told(pulled)[0].text
    assert pulled.really("prod")


def test_what_nobody_can_help_is_told_to_nobody(pulled, monkeypatch):
    def down(plan, on_change=None):
        raise Retryable("the machine is down", after=0.0)

    monkeypatch.setattr(pulled.tools.local, "apply", down)
    pulled.commit("two", BERT)
    pulled.deliver()
    look(pulled)
    assert notices(pulled) == []
    assert any("the machine is down" in str(data.get("message")) for _, data in pulled.told)


def test_a_channel_that_is_down_is_told_later(pulled):
    pulled.tools.local.failing.add("prod")
    pulled.tools.channel.down = True
    pulled.commit("two", BERT)
    pulled.deliver()
    look(pulled)
    assert notices(pulled) == []
    pulled.tools.channel.down = False
    look(pulled)
    assert len(notices(pulled)) == 1


def test_a_delivery_that_is_under_way_tells_itself(pulled):
    pulled.tools.local.failing.add("prod")
    pulled.commit("two", BERT)
    pulled.deliver()
    with pulled.deliveries.locked():
        look(pulled)
        assert notices(pulled) == []
    look(pulled, passes=1)
    assert len(notices(pulled)) == 1


def test_authors_that_version_control_does_not_know_are_those_of_the_document(pulled):
    pulled.tools.local.failing.add("prod")
    pulled.commit("two", BERT)
    pulled.deliver()
    pulled.define(repository="another.git")
    look(pulled)
    assert notices(pulled) == [("failure", ["bert@example.org"])]
    assert any("not everybody could be found" in str(data.get("message")) for _, data in pulled.told)


def test_wherever_a_watch_dies_everybody_is_told_once(pulled):
    """The notice is in one commit with the failure; what was handed over and not noted comes under the same id."""
    for fatal in range(1, 40):
        pulled.tools.local.failing.symmetric_difference_update({"prod"})
        pulled.commit(f"number {fatal}", BERT)
        pulled.deliver()
        before = len(told(pulled))
        count = 0

        def tick(what, fatal=fatal):
            nonlocal count
            count += 1
            if count == fatal:
                raise Died(what)

        ledger = Ledger(pulled.state)
        try:
            look(pulled, ledger=Mortal(ledger, tick, ("append", "append_all", "told")))
        except Died:
            pass
        else:
            assert fatal > 8, "there were that many moments"
            break
        finally:
            ledger.close()
        look(pulled)
        assert len(told(pulled)) == before + 1, f"died at moment {fatal}"
    assert pulled.tools.local.check(Environment(name="prod")).release
    kinds = [kind for kind, _ in notices(pulled)]
    assert kinds == [("failure", "recovery")[number % 2] for number in range(len(kinds))]
