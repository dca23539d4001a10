"""Schedules and sync windows; next times were checked against robfig/cron 3.0.1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from holkas.gitops.project import can_sync, window_states, windows_of
from holkas.gitops.project.cron import CronError, parse_schedule
from holkas.gitops.project.time_zone import offset_at, zone_of
from holkas.gitops.project.windows import WindowError, is_active, may_go_on
from holkas.model.application import Application, Destination
from holkas.model.project import Project, SyncWindow
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""


def window(
    kind: str = "allow", schedule: str = "0 8 * * *", duration: str = "8h", **fields: Any
) -> SyncWindow:
    return SyncWindow(kind=kind, schedule=schedule, duration=duration, applications=("*",), **fields)


@pytest.mark.parametrize(
    ("schedule", "after", "wanted"),
    [
        ("* * * * *", "2026-03-04T12:00:30", "2026-03-04T12:01:00"),
        ("0 * * * *", "2026-03-04T12:00:00", "2026-03-04T13:00:00"),
        ("*/15 9-17 * * mon-fri", "2026-03-06T17:46:00", "2026-03-09T09:00:00"),
        ("0 0 1 * *", "2026-12-31T23:59:00", "2027-01-01T00:00:00"),
        ("0 0 29 feb *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
        ("0 0 13 * fri", "2026-03-05T00:00:00", "2026-03-06T00:00:00"),
        ("0 0 */2 * fri", "2026-03-05T00:00:00", "2026-03-06T00:00:00"),
        ("0 0 ? * 0", "2026-03-05T00:00:00", "2026-03-08T00:00:00"),
        ("5/20 3 * * *", "2026-03-05T03:25:00", "2026-03-05T03:45:00"),
        ("10,20 3,4 * JAN,Mar *", "2026-01-31T04:20:00", "2026-03-01T03:10:00"),
    ],
)
def test_the_next_time(schedule: str, after: str, wanted: str) -> None:
    found = parse_schedule(schedule).next_after(datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(wanted)


@pytest.mark.parametrize("schedule", ["0 0 30 2 *", ", * * * *", "0 0 31 4 *"])
def test_schedules_without_a_day(schedule: str) -> None:
    assert parse_schedule(schedule).next_after(datetime(2026, 1, 1)) is None


@pytest.mark.parametrize(
    "schedule",
    ["", "@daily", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7",
     "a * * * *", "5-1 * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "*/0 * * * *", "-1 * * * *", "TZ=Nowhere/X * * * * *",
     "99999999999 * * * *"],
)  # fmt: skip
def test_schedules_that_cannot_be_read(schedule: str) -> None:
    with pytest.raises(CronError):
        parse_schedule(schedule)


@given(st.text("0123456789*/-,? @abjTZ=", max_size=20))
def test_any_text_is_a_schedule_or_refused(text: str) -> None:
    try:
        found = parse_schedule(text).next_after(datetime(2026, 1, 1))
    except CronError:
        return
    assert found is None or found > datetime(2026, 1, 1)


class TestActive:
    def test_from_its_time_for_its_duration(self) -> None:
        morning = window(schedule="0 8 * * *", duration="4h")
        at = NOON.replace
        assert not is_active(morning, at(hour=7, minute=59))
        assert is_active(morning, at(hour=8, minute=1))
        assert is_active(morning, at(hour=11, minute=59))
        assert not is_active(morning, at(hour=12, minute=1))

    def test_in_its_zone(self) -> None:
        berlin = window(schedule="0 13 * * *", duration="30m", time_zone="Europe/Berlin")
        assert is_active(berlin, NOON + timedelta(minutes=5))
        assert not is_active(window(schedule="0 13 * * *", duration="30m"), NOON + timedelta(minutes=5))
        assert is_active(
            window(schedule="TZ=Europe/Berlin 0 13 * * *", duration="30m"), NOON + timedelta(minutes=5)
        )

    def test_an_unknown_zone_is_utc(self) -> None:
        assert zone_of("Nowhere/X") is None
        assert offset_at("../etc/passwd", NOON) == timedelta(0)
        assert zone_of("Europe") is None

    def test_one_that_never_comes_is_open(self) -> None:
        assert is_active(window(schedule="0 0 30 2 *"), NOON)

    @pytest.mark.parametrize(("schedule", "duration"), [("@daily", "1h"), ("* * * * *", "1d")])
    def test_one_that_cannot_be_read(self, schedule: str, duration: str) -> None:
        with pytest.raises(WindowError, match="cannot parse"):
            can_sync([window(schedule=schedule, duration=duration)], NOON)

    def test_a_duration_beyond_the_calendar(self) -> None:
        assert is_active(window(duration="2500000h"), NOON) in (True, False)

    def test_states_tell_when(self) -> None:
        (state, closed) = window_states([window(), window(schedule="0 20 * * *", duration="1h")], NOON)
        assert (state.active, state.closes) == (True, NOON.replace(hour=16))
        assert state.opens == NOON.replace(day=5, hour=8)
        assert (closed.active, closed.closes, closed.opens) == (False, None, NOON.replace(hour=20))


OPEN, SHUT = {"schedule": "0 8 * * *", "duration": "8h"}, {"schedule": "0 20 * * *", "duration": "1h"}


@pytest.mark.parametrize(
    ("windows", "automatic", "manual"),
    [
        ([], True, True),
        ([window("allow", **OPEN)], True, True),
        ([window("allow", **SHUT)], False, False),
        ([window("allow", **SHUT, manual_sync=True)], False, True),
        ([window("allow", **SHUT, manual_sync=True), window("allow", **SHUT)], False, False),
        ([window("allow", **SHUT), window("allow", **OPEN)], True, True),
        ([window("deny", **SHUT)], True, True),
        ([window("deny", **OPEN)], False, False),
        ([window("deny", **OPEN, manual_sync=True)], False, True),
        ([window("deny", **OPEN, manual_sync=True), window("deny", **OPEN)], False, False),
        ([window("deny", **OPEN), window("allow", **OPEN)], False, False),
        ([window("deny", **SHUT), window("allow", **SHUT)], False, False),
    ],
)
def test_whether_a_sync_may_begin(windows: list[SyncWindow], automatic: bool, manual: bool) -> None:
    assert can_sync(windows, NOON) is automatic
    assert can_sync(windows, NOON, manual=True) is manual


def test_a_sync_that_began_in_time_may_end_after_the_window() -> None:
    assert may_go_on([window("allow", **OPEN)], NOON)
    assert not may_go_on([window("allow", **SHUT)], NOON)
    assert may_go_on([window("allow", **SHUT, overrun=True)], NOON)
    assert not may_go_on([window("allow", **SHUT, overrun=True), window("deny", **OPEN)], NOON)
    # While one denies, those that allow are not asked.
    denying = window("deny", **OPEN, overrun=True)
    assert may_go_on([denying, window("allow", **SHUT)], NOON)
    assert not may_go_on([denying, window("deny", **OPEN)], NOON)
    # What began while it was not permitted does not go on.
    assert not may_go_on([denying], NOON, began=NOON)
    assert may_go_on([window("deny", **OPEN, overrun=True, manual_sync=True)], NOON, began=NOON, manual=True)


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"applications": ("web-*",)}, True),
        ({"applications": ("api",)}, False),
        ({"applications": ("api",), "namespaces": ("team",)}, True),
        ({"applications": ("api",), "namespaces": ("team",), "all_must_match": True}, False),
        ({"applications": ("web-*",), "clusters": ("prod",), "all_must_match": True}, True),
        ({"clusters": ("https://prod",)}, True),
        ({"clusters": ("dev",), "namespaces": ("other",)}, False),
        ({}, False),
    ],
)
def test_for_which_applications_a_window_holds(fields: dict[str, Any], holds: bool) -> None:
    place = Destination(name="prod", server="https://prod", namespace="team")
    application = Application(name="web-1", destination=place)
    found = SyncWindow(kind="allow", schedule="* * * * *", duration="1h", **fields)
    project = Project(name="p", sync_windows=(found,))
    assert windows_of(project, application) == ((found,) if holds else ())
