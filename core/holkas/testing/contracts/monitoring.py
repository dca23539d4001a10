"""The contract of monitoring."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from holkas.model.event import Event, EventQuery
from holkas.model.health import HealthStatus
from holkas.roles.monitoring import Monitoring
from holkas.testing.contracts.role import Needs, RoleContract


def event(number: int, *, kind: str = "service.deployed", environment: str = "test") -> Event:
    """An event of the contract: ``number`` makes its id, subject and time."""
    return Event(
        id=f"contract-{number}",
        type=f"dev.cdevents.{kind}.0.2.0",
        time=1_700_000_000.0 + number,
        subject=f"subject-{number}",
        subject_type=kind.split(".", maxsplit=1)[0],
        environment=environment,
        content={"environment": {"id": environment}},
        custom={"number": number},
    )


class MonitoringContract(RoleContract):
    """Give ``tool`` a monitoring without events. ``patience``: seconds until what was sent must be found."""

    role = Monitoring
    behind: ClassVar[Any] = {
        "dashboards": (lambda tool: tool.dashboard("x"),),
        "alerts": (lambda tool: tool.alerts("x"),),
        "metrics": (lambda tool: tool.metrics("x", since=0.0, until=1.0),),
        "logs": (lambda tool: tool.logs("x", since=0.0, until=1.0),),
    }
    patience: ClassVar[float] = 5.0

    @pytest.fixture
    def find(self, tool: Monitoring) -> Callable[[EventQuery, int], list[Event]]:
        """Asks until there are so many events, or the patience ends."""

        def find(query: EventQuery, count: int) -> list[Event]:
            end = time.monotonic() + self.patience
            while len(found := list(tool.query(query))) < count and time.monotonic() < end:
                time.sleep(0.05)
            return found

        return find

    def test_events_come_back_whole_and_in_order(self, tool: Monitoring, find: Any) -> None:
        sent = [event(1), event(2), event(3)]
        tool.send([sent[2], sent[0]])
        tool.send([sent[1]])
        assert find(EventQuery(), 3) == sent

    def test_an_event_counts_once(self, tool: Monitoring, find: Any) -> None:
        tool.send([event(1), event(1)])
        tool.send([event(1), event(2)])
        assert [one.id for one in find(EventQuery(), 2)] == ["contract-1", "contract-2"]

    def test_nothing_to_send_is_nothing_done(self, tool: Monitoring) -> None:
        tool.send([])
        assert list(tool.query(EventQuery())) == []

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            (EventQuery(types=("dev.cdevents.service.",)), [1, 2]),
            (EventQuery(types=("dev.cdevents.change.", "dev.cdevents.incident.")), [3, 4]),
            (EventQuery(subject="subject-2"), [2]),
            (EventQuery(environment="prod"), [2, 4]),
            (EventQuery(since=1_700_000_002.0, until=1_700_000_004.0), [2, 3]),
            (EventQuery(limit=2), [3, 4]),
            (EventQuery(environment="prod", types=("dev.cdevents.service.",)), [2]),
            (EventQuery(environment="none"), []),
        ],
        ids=["type", "types", "subject", "environment", "time", "limit", "both", "none"],
    )
    def test_a_query_finds_what_matches(
        self, tool: Monitoring, find: Any, query: EventQuery, numbers: list[int]
    ) -> None:
        tool.send(
            [
                event(1),
                event(2, environment="prod"),
                event(3, kind="change.merged"),
                event(4, kind="incident.detected", environment="prod"),
            ]
        )
        find(EventQuery(), 4)
        assert [one.custom["number"] for one in tool.query(query)] == numbers

    def test_health_is_unknown_where_nothing_is_known(self, tool: Monitoring) -> None:
        health = tool.health("contract-never-heard-of")
        assert health.status is HealthStatus.UNKNOWN
        assert health.message

    def test_a_dashboard_has_an_address(self, tool: Monitoring, needs: Needs) -> None:
        needs("dashboards")
        assert tool.dashboard("test").startswith(("http://", "https://"))

    def test_no_alerts_fire_by_themselves(self, tool: Monitoring, needs: Needs) -> None:
        needs("alerts")
        assert tool.alerts("contract-never-heard-of") == ()

    def test_no_lines_come_from_nowhere(self, tool: Monitoring, needs: Needs) -> None:
        needs("logs")
        assert list(tool.logs("contract-never-heard-of", since=0.0, until=time.time())) == []
