"""The process dies before and after every single call of a delivery, and the command is given again.

The moments are counted, not listed: a new event of the engine has its death tested without a new line here.
"""

from __future__ import annotations

import pytest
from holkas.delivery import event_types as on
from holkas.delivery.definition import ConfigurationRule, PipelineUse, PullRule, RollbackRule
from holkas.delivery.delivery_state import Outcome
from holkas.delivery_engine.project import Who
from holkas.state.ledger import Ledger

from tests.deliveries import BERT, BOSS, REPOSITORY, Died, Mortal, Shop, check, stage

CHANGING = {
    "control": ("checkout", "commit", "resolve", "log"),
    "repository": ("publish", "attach", "fetch", "resolve"),
    "server": ("start", "follow", "record"),
    "local": ("plan", "apply", "rollback", "check"),
    "secrets": ("read",),
    "log": ("send",),
    "channel": ("notify",),
}
"""Calls of tools before and after which the process may die."""


class Clock:
    """Counts moments and ends the process at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count, self.moments = fatal, 0, []

    def __call__(self, what: str) -> None:
        if self.fatal and self.count == self.fatal:
            raise Died(what)  # the dead do nothing more, whatever stands in a ``finally``
        self.moments.append(what)
        self.count += 1
        if self.count == self.fatal:
            raise Died(what)


class World:
    """A shop whose tools survive the process, as they do in life; only the ledger is opened anew."""

    def __init__(self, directory, scenario) -> None:
        self.shop = Shop(directory)
        self.tools = self.shop.tools
        self.scenario = scenario
        (self.shop.state / "ledger.key").write_bytes(b"the same in all worlds, so that releases are as well")
        scenario.prepare(self.shop)

    def run(self, fatal: int) -> Clock:
        """The command of the scenario, once, and death at the moment ``fatal``."""
        clock = Clock(fatal)
        mortal = type(self.tools).__new__(type(self.tools))
        for name, tool in vars(self.tools).items():
            setattr(mortal, name, Mortal(tool, clock, CHANGING[name]))
        self.shop.ledger.close()
        ledger = Ledger(self.shop.state)
        self.shop.tools, self.shop.ledger = mortal, Mortal(ledger, clock, ("append_all", "told"))
        try:
            self.scenario.act(self.shop)
        except Died:
            pass
        finally:
            self.shop.tools, self.shop.ledger = self.tools, ledger
        return clock

    def summary(self):
        """Everything by which somebody could tell that the process has died."""
        shop = self.shop
        state = shop.delivery(self.scenario.number)
        return {
            "outcome": state.outcome,
            "digests": state.digests,
            "published": [
                (one.name, one.version, one.digest) for one in self.tools.repository.artifacts("shop")
            ],
            "documents": sorted(one.digest for one in self.tools.repository._documents) != [],
            "board": {name: _settled(shop.board(name)) for name in ("dev", "prod")},
            "agent": {name: shop.really(name) for name in ("dev", "prod")},
            "applied": {
                name: [release.id for release in releases]
                for name, releases in self.tools.local._releases.items()
            },
            "configured": self._configured(),
            "notices": sorted(self.tools.channel.notices),
            "left": shop.ledger.views("notice/"),
            "untold": shop.ledger.last_seq() - shop.ledger.receivers(["log"])["log"],
            "events": sorted(
                {
                    (event.type, event.subject)
                    for event in self.tools.log._events.values()
                    if ".build." not in event.type and "testsuiterun" not in event.type
                }
            ),
            "open": [key for key, _ in shop.ledger.views("open/")],
            "broken": shop.ledger.verify(),
            "unpaired": _events_that_monitoring_lacks(shop, self.tools),
        }

    def _configured(self):
        """What the revisions of the configuration repository say: each release is committed once."""
        repository = self.tools.control._repositories.get("config.git")
        return [one.message for one in repository.revisions.values()] if repository else []


def _settled(row):
    return (
        {key: row[key] for key in ("health", "release", "good", "waiting", "quarantine", "rolling")}
        if row
        else row
    )


def _events_that_monitoring_lacks(shop, tools):
    from holkas.delivery.cdevents import events_of

    wanted = {event.id for entry in shop.ledger.read_all() for event in events_of(entry)}
    return wanted - set(tools.log._events)


class Delivers:
    """Two environments, checks, a secret, a build; all goes well."""

    number = 1

    def prepare(self, shop) -> None:
        shop.define(
            stage("dev", before=(check("ready"),), after=(check("smoke"),)),
            stage(
                "prod", configuration=ConfigurationRule(values={"A": "1"}, secrets={"P": "shop/db#password"})
            ),
            pipeline=PipelineUse(name="build", job="build"),
        )
        shop.commit("one")

    def act(self, shop) -> None:
        shop.deliver()


class Fails(Delivers):
    """The second commit fails its check in dev, which goes back by itself and tells who it was."""

    number = 2

    def prepare(self, shop) -> None:
        from holkas.delivery.definition import FeedbackRule

        shop.define(
            stage("dev", after=(check("smoke"),), rollback=RollbackRule.AUTOMATIC),
            stage("prod"),
            feedback=(FeedbackRule(notifier="channel"),),
        )
        shop.commit("one")
        shop.deliver()
        shop.commit("two", author=BERT)
        shop.tools.server._failing = frozenset({"shop-2-dev-smoke"})


class Approves(Delivers):
    """A delivery waits; it is approved and goes on. An older one that waits as well is superseded."""

    number = 2

    def prepare(self, shop) -> None:
        shop.define(stage("dev"), stage("prod", manual=True, approvers=("boss",)))
        shop.commit("one")
        shop.deliver()
        shop.commit("two")

    def act(self, shop) -> None:
        deliveries = shop.deliveries
        number = deliveries.request(shop.tools.control.resolve(REPOSITORY), Who(name="anna"))
        deliveries.drive(number)
        if shop.delivery(number).outcome is None:
            deliveries.approve("prod", BOSS, number=number)
        deliveries.drive(number)


class RollsBack(Delivers):
    """Production goes back to the release before."""

    number = 2

    def prepare(self, shop) -> None:
        shop.define(stage("dev"), stage("prod"))
        shop.commit("one")
        shop.deliver()
        shop.commit("two")
        shop.deliver()

    def act(self, shop) -> None:
        if not shop.board("prod")["quarantine"]:
            shop.deliveries.rollback("prod", BOSS)
        shop.deliveries.drive()


class Commits(Delivers):
    """Production pulls: the release is committed to a configuration repository, and a second one after it."""

    number = 2

    def prepare(self, shop) -> None:
        shop.tools.control.create("config.git")
        rule = ConfigurationRule(values={"A": "1"})
        shop.define(stage("dev"), stage("prod", configuration=rule, pull=PullRule(repository="config.git")))
        shop.commit("one")
        shop.deliver()
        shop.commit("two")


@pytest.mark.parametrize("scenario", [Delivers, Fails, Approves, RollsBack, Commits])
def test_whenever_it_dies_the_end_is_the_same(tmp_path, scenario):
    whole = World(tmp_path / "whole", scenario())
    moments = whole.run(0).moments
    wanted = whole.summary()
    whole.shop.close()
    assert len(moments) >= 8
    assert wanted["broken"] == []
    for fatal in range(1, len(moments) + 1):
        world = World(tmp_path / str(fatal), scenario())
        died = world.run(fatal)
        assert died.count == fatal
        world.run(0)
        assert world.summary() == wanted, f"died {moments[fatal - 1]} (moment {fatal})"
        world.shop.close()


@pytest.mark.parametrize("scenario", [Delivers, Fails])
def test_dying_twice_changes_nothing_either(tmp_path, scenario):
    whole = World(tmp_path / "whole", scenario())
    moments = whole.run(0).moments
    wanted = whole.summary()
    whole.shop.close()
    for fatal in range(1, len(moments), 7):
        world = World(tmp_path / str(fatal), scenario())
        world.run(fatal)
        world.run(3 + fatal % 5)
        world.run(0)
        assert world.summary() == wanted, f"died {moments[fatal - 1]} (moment {fatal})"
        world.shop.close()


def test_a_build_that_cannot_be_repeated_delivers_what_was_published_first(tmp_path):
    """The process dies after the artifact was published and before that was recorded; the workspace is lost as well."""
    world = World(tmp_path, Delivers())
    publishing = [
        n
        for n, what in enumerate(World(tmp_path / "x", Delivers()).run(0).moments, 1)
        if what == "after publish"
    ]
    world.run(publishing[0])
    import shutil

    shutil.rmtree(world.shop.state / "deliveries" / "shop" / "00000001")
    first = world.tools.repository.resolve("shop", world.shop.head[:12])
    files = world.tools.control._repositories[REPOSITORY].files[world.shop.head]
    files["app"] = b"built again, with another time in it"
    world.run(0)
    state = world.shop.delivery(1)
    assert state.outcome is Outcome.SUCCEEDED
    assert state.digests == {"shop": first.digest}
    started = [e.data["artifacts"] for e in world.shop.ledger.read_all() if e.type == on.DEPLOYMENT_STARTED]
    assert started == [{"shop": first.digest}] * 2
    world.shop.close()
