"""The pulling side dies before and after every write to the ledger and every call of the agent, and is started again."""

from __future__ import annotations

from holkas.delivery.definition import ConfigurationRule, PullRule
from holkas.delivery_engine.pulled_source import name
from holkas.model.environment import Environment
from holkas.state.ledger import Ledger

from tests.deliveries import Died, Mortal, Shop, stage


class Moments:
    """Counts, and ends the process at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0

    def __call__(self, what: str) -> None:
        self.count += 1
        if self.fatal and self.count >= self.fatal:
            raise Died(what)


def delivered(directory) -> Shop:
    """A release waits in the configuration repository."""
    shop = Shop(directory)
    shop.tools.control.create("config.git")
    rule = ConfigurationRule(values={"A": "1"}, secrets={"P": "shop/db#password"})
    shop.define(stage("prod", configuration=rule, pull=PullRule(repository="config.git")))
    (shop.state / "ledger.key").write_bytes(b"the same in all worlds, so that releases are as well")
    shop.commit("one")
    shop.deliver()
    shop.close()
    return shop


def watch(shop, fatal: int = 0) -> int:
    """A watch, until nothing is left to be done or it dies; how many moments there were."""
    moments = Moments(fatal)
    agent, ledger = shop.tools.local, Ledger(shop.state)
    shop.tools.local = Mortal(agent, moments, ("apply", "check", "plan"))
    prod = shop.definition.stage("prod")
    loop = shop.pull_loop(Mortal(ledger, moments, ("append", "append_all")))
    try:
        for _ in range(20):
            shop.now += 30
            done = loop.run_pass()
            if not done.looked:
                break
        stands = loop.statuses[name(shop.definition, prod)]
        assert [str(one) for one in stands] == ["Synced", "Healthy"]
    except Died:
        pass
    finally:
        ledger.close()
        shop.tools.local = agent
    return moments.count


def summary(shop):
    agent = shop.tools.local
    ledger = Ledger(shop.state)
    try:
        finished = [str(dict(entry.data)) for entry in ledger.read_all() if entry.type == "sync.finished"]
        return {
            "release": agent.check(Environment(name="prod")).release,
            "applied": [release.id for release in agent._releases["prod"]],
            "succeeded": ["Succeeded" in told for told in finished[-1:]],
            "broken": ledger.verify(),
        }
    finally:
        ledger.close()


def test_whenever_a_watch_dies_the_next_one_ends_as_it_would_have(tmp_path):
    whole = delivered(tmp_path / "whole")
    moments = watch(whole)
    wanted = summary(whole)
    assert moments >= 8
    assert wanted["release"]
    assert wanted["succeeded"] == [True]
    assert len(wanted["applied"]) == 1
    for fatal in range(1, moments + 1):
        shop = delivered(tmp_path / str(fatal))
        assert watch(shop, fatal) == fatal
        watch(shop)
        assert summary(shop) == wanted, f"died at moment {fatal}"
