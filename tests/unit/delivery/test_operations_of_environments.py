"""Operations: when they are due, and what is recorded of them."""

from __future__ import annotations

import pytest
from holkas.delivery import event_types as on
from holkas.delivery.definition import FeedbackRule, OperationRule
from holkas.delivery.operations import due_operations, planned_operations
from holkas.delivery_engine.operating import operate
from holkas.roles.errors import ToolError

from tests.deliveries import BOSS, check, stage

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC, a Friday
HOUR = 3600.0
NIGHTLY = OperationRule(name="backup", environments=("dev", "prod"), schedule="0 3 * * *")
RESTART = OperationRule(name="restart", environments=("prod",), params={"why": "$(environment)"})


@pytest.fixture
def shop(shop):
    shop.now = NOON
    feedback = (
        FeedbackRule(notifier="chat", tell=frozenset({"failure", "recovery"}), to=("ops@example.org",)),
    )
    shop.define(stage("dev"), stage("prod"), operations=(NIGHTLY, RESTART), feedback=feedback)
    return shop


def due(shop, since=NOON):
    found = due_operations(shop.definition, shop.ledger.view, since=since, now=shop.now)
    return [(one.rule.name, one.stage.name) for one in found]


def run(shop, rule, environment="prod"):
    return operate(shop.deliveries, rule, shop.definition.stage(environment), BOSS)


class TestSchedules:
    def test_nothing_is_due_before_its_time(self, shop):
        shop.now += 14 * HOUR
        assert due(shop) == []
        shop.now += HOUR
        assert due(shop) == [("backup", "dev"), ("backup", "prod")]

    def test_what_was_missed_runs_once(self, shop):
        shop.now += 10 * 24 * HOUR
        assert due(shop) == [("backup", "dev"), ("backup", "prod")]
        run(shop, NIGHTLY, "dev")
        assert due(shop) == [("backup", "prod")]
        shop.now += 24 * HOUR
        assert due(shop) == [("backup", "dev"), ("backup", "prod")]

    def test_what_has_no_schedule_is_never_due(self, shop):
        shop.now += 1000 * 24 * HOUR
        assert all(name == "backup" for name, _ in due(shop))
        planned = {(one.rule.name, one.stage.name): one.next(NOON) for one in _planned(shop)}
        assert planned[("restart", "prod")] is None
        assert planned[("backup", "prod")] == NOON + 15 * HOUR

    def test_a_zone_counts(self, shop):
        shop.define(
            operations=(
                OperationRule(name="backup", environments=("dev",), schedule="0 3 * * *", zone="Asia/Tokyo"),
            )
        )
        (one,) = _planned(shop)
        assert one.next(NOON) == NOON + 6 * HOUR

    def test_an_environment_that_is_gone_is_left_out(self, shop):
        shop.define(
            operations=(OperationRule(name="backup", environments=("dev", "gone"), schedule="* * * * *"),)
        )
        assert [one.stage.name for one in _planned(shop)] == ["dev"]


def _planned(shop):
    return planned_operations(shop.definition, shop.ledger.view)


class TestRuns:
    def kinds(self, shop):
        return [entry.type for entry in shop.ledger.read(on.environment_stream("shop", "prod"))]

    def test_the_agent_is_asked_and_it_is_recorded(self, shop):
        assert run(shop, RESTART)
        assert shop.tools.local.operations == [("prod", "restart", {"why": "prod"})]
        assert self.kinds(shop) == [on.OPERATION_STARTED, on.OPERATION_FINISHED]
        (one,) = [one for one in _planned(shop) if one.rule is RESTART]
        assert (one.last["started"], one.last["succeeded"]) == (NOON, True)

    def test_a_backup_lands_in_the_state_directory(self, shop):
        shop.commit("one")
        shop.deliver()
        assert run(shop, NIGHTLY)
        (kept,) = (shop.state / "backups" / "shop" / "prod").iterdir()
        assert (kept / "release").read_text() == shop.really("prod")

    def test_a_pipeline_runs_with_the_sources_that_are_in_place(self, shop):
        shop.commit("one")
        shop.deliver()
        assert run(shop, OperationRule(name="rotate", environments=("prod",), pipeline=check("rotate")))
        assert [request.run.ref.name for request in shop.tools.server.requests.values()] == ["rotate"]

    def test_where_nothing_is_deployed_a_pipeline_fails(self, shop):
        assert not run(shop, OperationRule(name="rotate", environments=("prod",), pipeline=check("rotate")))

    def test_failure_and_recovery_are_told_once(self, shop, monkeypatch):
        def broken(*_):
            raise ToolError("the tape is full")

        monkeypatch.setattr(shop.tools.local, "operate", broken)
        assert [run(shop, RESTART), run(shop, RESTART)] == [False, False]
        monkeypatch.undo()
        assert [run(shop, RESTART), run(shop, RESTART)] == [True, True]
        told = [
            (notice.kind, "the tape is full" in notice.text) for notice in shop.tools.channel.notices.values()
        ]
        assert told == [("failure", True), ("recovery", False)]

    def test_one_that_was_cut_off_is_noted_as_failed(self, shop, monkeypatch):
        def dies(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(shop.tools.local, "operate", dies)
        with pytest.raises(KeyboardInterrupt):
            run(shop, RESTART)
        monkeypatch.undo()
        assert run(shop, RESTART)
        done = [
            entry.data["succeeded"]
            for entry in shop.ledger.read(on.environment_stream("shop", "prod"))
            if entry.type == on.OPERATION_FINISHED
        ]
        assert done == [False, True]
