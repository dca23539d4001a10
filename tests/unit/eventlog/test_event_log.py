"""The event log: many writers, broken files, and health as events tell it."""

from __future__ import annotations

import threading

import pytest
from holkas.model.event import Event, EventQuery
from holkas.model.health import HealthStatus
from holkas.roles.errors import AccessDenied, ToolError
from holkas_builtin.eventlog.event_log import EventLog
from holkas_builtin.eventlog.health import health_of


def event(number, kind="service.deployed", subject="web", **more):
    return Event(
        id=f"e{number}",
        type=f"dev.cdevents.{kind}.0.2.0",
        time=float(number),
        subject=subject,
        environment="prod",
        **more,
    )


def test_two_processes_worth_of_writers_lose_nothing(tmp_path):
    logs = [EventLog(tmp_path / "events.db") for _ in range(2)]

    def write(log, start):
        for number in range(start, start + 50):
            log.send([event(number), event(0)])

    threads = [
        threading.Thread(target=write, args=(log, 100 * (index + 1))) for index, log in enumerate(logs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(logs[0].query(EventQuery()))) == 101
    for log in logs:
        log.close()
        log.close()


def test_events_outlive_the_process(tmp_path):
    with EventLog(tmp_path / "deep" / "events.db") as log:
        log.send([event(1, content={"a": [1, "ä"]}, custom={"b": None})])
    with EventLog(tmp_path / "deep" / "events.db") as log:
        (found,) = log.query(EventQuery())
    assert found == event(1, content={"a": [1, "ä"]}, custom={"b": None})
    assert (tmp_path / "deep" / "events.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("types", [("dev.cdevents.service.%",), ("dev_cdevents",), ("DEV.",)])
def test_a_type_is_compared_as_it_stands(tmp_path, types):
    with EventLog(tmp_path / "events.db") as log:
        log.send([event(1)])
        assert list(log.query(EventQuery(types=types))) == []


def test_a_file_that_is_no_event_log_is_told(tmp_path):
    (tmp_path / "events.db").write_bytes(b"no database at all" * 100)
    log = EventLog(tmp_path / "events.db")
    assert "no event log" in log.fault()
    with pytest.raises(ToolError):
        log.send([event(1)])
    (tmp_path / "dir").mkdir()
    with pytest.raises(AccessDenied):
        EventLog(tmp_path / "dir").send([event(1)])
    with pytest.raises(AccessDenied):
        EventLog(tmp_path / "events.db" / "x").send([event(1)])


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ([], HealthStatus.UNKNOWN),
        (["service.deployed"], HealthStatus.HEALTHY),
        (["service.deployed", "service.removed"], HealthStatus.MISSING),
        (["service.removed", "service.upgraded"], HealthStatus.HEALTHY),
        (["service.deployed", "incident.detected"], HealthStatus.DEGRADED),
        (["service.deployed", "incident.detected", "incident.reported"], HealthStatus.DEGRADED),
        (["service.deployed", "incident.detected", "incident.resolved"], HealthStatus.HEALTHY),
        (["service.deployed", "environment.deleted"], HealthStatus.MISSING),
        (["environment.created"], HealthStatus.UNKNOWN),
    ],
)
def test_health_is_what_the_events_say(kinds, status):
    events = [
        event(number, kind, "web" if kind.startswith("service") else kind.split(".")[0])
        for number, kind in enumerate(kinds)
    ]
    health = health_of("prod", events)
    assert health.status is status
    assert health.message


def test_health_tells_what_the_incident_says(tmp_path):
    with EventLog(tmp_path / "events.db") as log:
        log.send([event(1), event(2, "incident.detected", "i1", content={"description": "too slow"})])
        assert log.health("prod").message == "too slow"
        assert log.health("dev").status is HealthStatus.UNKNOWN
