"""Sync windows (types.go, ``SyncWindow.Validate``; app_project_types.go, ``ValidateProject``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from holkas.gitops.project.cron import CronError, parse_schedule
from holkas.gitops.project.time_zone import zone_of
from holkas.model.duration import DurationError, parse_duration

from holkas_compat.argocd.validation.codes import (
    BAD_SCHEDULE,
    BAD_WINDOW_DURATION,
    BAD_WINDOW_KIND,
    NEVER_OPENS,
    TWICE,
    UNKNOWN_ZONE,
    WINDOW_FOR_NOBODY,
    WINDOW_TEXT,
)
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import text

_LONGEST_TEXT = 255
_IDENTITY = (
    *("kind", "schedule", "duration", "applications", "namespaces", "clusters", "timeZone", "andOperator"),
)
"""Fields in which two windows must differ."""
_SOME_DAY = datetime(2000, 1, 1)  # the clock on some wall: whether a schedule has any day at all


def check_windows(windows: list[Mapping[str, Any]], scope: Scope) -> None:
    """The sync windows of a project."""
    seen: set[str] = set()
    for index, window in enumerate(windows):
        kind, schedule, duration = (text(window.get(name)) for name in ("kind", "schedule", "duration"))
        here, shown = scope.at(index), f"window '{kind}':'{schedule}':'{duration}'"
        key = repr([window.get(name) or "" for name in _IDENTITY])
        if key in seen:
            told = f"with kind '{kind}', schedule '{schedule}', and duration '{duration}' already exists"
            here.error(TWICE, f"sync window {told}")
        seen.add(key)
        if kind not in ("allow", "deny"):
            here.error(BAD_WINDOW_KIND, f"kind '{kind}' mismatch: can only be allow or deny", "kind")
        _check_schedule(schedule, here)
        _check_duration(duration, here)
        zone = text(window.get("timeZone"))
        if zone_of(zone) is None:
            here.warn(UNKNOWN_ZONE, f'there is no time zone "{zone}": the window is in UTC', "timeZone")
        if not (window.get("applications") or window.get("namespaces") or window.get("clusters")):
            here.error(WINDOW_FOR_NOBODY, f"{shown} requires one of application, cluster or namespace")
        if len(text(window.get("description"))) > _LONGEST_TEXT:
            here.error(
                WINDOW_TEXT, f"the description is longer than {_LONGEST_TEXT} characters", "description"
            )


def _check_schedule(schedule: str, scope: Scope) -> None:
    try:
        read = parse_schedule(schedule)
    except CronError as error:
        scope.error(BAD_SCHEDULE, f"cannot parse schedule '{schedule}': {error}", "schedule")
        return
    if read.next_after(_SOME_DAY) is None:
        scope.warn(
            NEVER_OPENS, "the schedule has no day at all: Argo CD takes the window for open", "schedule"
        )


def _check_duration(duration: str, scope: Scope) -> None:
    try:
        nanoseconds = parse_duration(duration)
    except DurationError as error:
        scope.error(BAD_WINDOW_DURATION, f"cannot parse duration '{duration}': {error}", "duration")
        return
    if nanoseconds <= 0:
        scope.warn(NEVER_OPENS, "the duration is not more than nothing: the window never opens", "duration")
