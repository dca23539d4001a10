"""Sync windows: which of them hold for an application, and whether it may be synced now.

Source: pkg/apis/application/v1alpha1/types.go (``SyncWindows.Matches``, ``Active``, ``InactiveAllows``, ``CanSync``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from holkas.gitops.project.cron import CronError, Schedule, parse_schedule
from holkas.gitops.project.matching import glob_match
from holkas.gitops.project.time_zone import offset_at
from holkas.model.application import Application
from holkas.model.duration import DurationError, parse_duration
from holkas.model.project import Project, SyncWindow
from holkas.records import dataclass

ALLOW, DENY = "allow", "deny"


class WindowError(ValueError):
    """A window whose schedule or duration cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowState:
    """A window now. opens: when it opens next, closes: when it closes, while it is open; UTC, None for never."""

    window: SyncWindow
    active: bool
    opens: datetime | None = None
    closes: datetime | None = None


def windows_of(project: Project, application: Application) -> tuple[SyncWindow, ...]:
    """The project's windows that hold for an application."""
    return tuple(window for window in project.sync_windows if _holds_for(window, application))


def can_sync(windows: Sequence[SyncWindow], now: datetime, *, manual: bool = False) -> bool:
    """Whether a sync may begin. manual: a person asks for it.

    Raises WindowError for a window that cannot be read, with which Argo CD syncs nothing.
    """
    active = [window for window in windows if is_active(window, now)]
    denying = [window for window in active if window.kind == DENY]
    if denying:
        return manual and all(window.manual_sync for window in denying)
    if any(window.kind == ALLOW for window in active):
        return True
    waiting = [window for window in windows if window.kind == ALLOW]
    return not waiting or (manual and all(window.manual_sync for window in waiting))


def may_go_on(
    windows: Sequence[SyncWindow], now: datetime, *, began: datetime | None = None, manual: bool = False
) -> bool:
    """Whether a sync that began in time may go on: every window that would stop it lets it overrun.

    began: when it began, None where that was in time for sure. Raises WindowError.
    """
    if can_sync(windows, now, manual=manual):
        return True
    # While a window denies, windows that allow are not asked.
    denying = [window for window in windows if window.kind == DENY and is_active(window, now)]
    stopping = denying or [window for window in windows if window.kind == ALLOW]
    if not all(window.overrun for window in stopping):
        return False
    return began is None or can_sync(windows, began, manual=manual)


def is_active(window: SyncWindow, now: datetime) -> bool:
    """Whether a window is open. A schedule that never comes counts as open, as it does in Argo CD.

    now: with a time zone. Raises WindowError.
    """
    schedule, duration = read_window(window)
    local = _local(window, schedule, now)
    opened = _next(schedule, local - duration)
    return opened is None or opened < local


def window_states(windows: Iterable[SyncWindow], now: datetime) -> list[WindowState]:
    """Every window with what it does now. Raises WindowError."""
    return [_state(window, now) for window in windows]


def read_window(window: SyncWindow) -> tuple[Schedule, timedelta]:
    """Schedule and duration of a window. Raises WindowError."""
    try:
        schedule = parse_schedule(window.schedule)
    except CronError as error:
        raise WindowError(f"cannot parse schedule '{window.schedule}': {error}") from None
    try:
        nanoseconds = parse_duration(window.duration)
    except DurationError as error:
        raise WindowError(f"cannot parse duration '{window.duration}': {error}") from None
    return schedule, timedelta(microseconds=nanoseconds // 1000)


def _state(window: SyncWindow, now: datetime) -> WindowState:
    schedule, duration = read_window(window)
    local = _local(window, schedule, now)
    opened, opens = _next(schedule, local - duration), _next(schedule, local)
    active = opened is None or opened < local
    behind = local - now.astimezone(UTC).replace(tzinfo=None)

    def in_utc(moment: datetime | None) -> datetime | None:
        return None if moment is None else (moment - behind).replace(tzinfo=UTC)

    closes = opened + duration if active and opened is not None else None
    return WindowState(window=window, active=active, opens=in_utc(opens), closes=in_utc(closes))


def _next(schedule: Schedule, moment: datetime) -> datetime | None:
    try:
        return schedule.next_after(moment)
    except OverflowError:  # a duration that leads before the year 1
        return None


def _local(window: SyncWindow, schedule: Schedule, now: datetime) -> datetime:
    """The clock on the wall of the window's zone, without a zone of its own."""
    zone = schedule.zone or window.time_zone
    return now.astimezone(UTC).replace(tzinfo=None) + offset_at(zone, now)


def _holds_for(window: SyncWindow, application: Application) -> bool:
    place = application.destination
    questions = (
        (window.applications, (application.name,)),
        (window.clusters, tuple(name for name in (place.name, place.server) if name)),
        (window.namespaces, (place.namespace,)),
    )
    answers = [
        any(glob_match(pattern, value) for pattern in patterns for value in values)
        for patterns, values in questions
        if patterns
    ]
    if not answers:
        return False
    return all(answers) if window.all_must_match else any(answers)
