"""Freeze windows: times in which nothing goes into an environment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from holkas.records import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_LONGEST = 366
"""Days after which a window that never ends is taken as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWindow:
    """Once (``start`` to ``end``, seconds since the epoch, None for open), or every week, or both together.

    days: numbers of weekdays, 0 for Monday; none means all. hours: minutes of the day, from inclusive, to exclusive;
    a window over midnight ends on the next day. zone: IANA name of the time zone of days and hours.
    """

    start: float | None = None
    end: float | None = None
    days: frozenset[int] = frozenset()
    hours: tuple[int, int] = (0, _DAY)
    zone: str = "UTC"
    reason: str = ""

    def holds(self, now: float) -> bool:
        """Whether the window is closed to deliveries at a time."""
        if (self.start is not None and now < self.start) or (self.end is not None and now >= self.end):
            return False
        local = datetime.fromtimestamp(now, zone_of(self.zone))
        minute = local.hour * 60 + local.minute
        first, last = self.hours
        if first < last:
            return first <= minute < last and self._on(local.weekday())
        yesterday = (local - timedelta(days=1)).weekday()
        return (minute >= first and self._on(local.weekday())) or (minute < last and self._on(yesterday))

    def _on(self, weekday: int) -> bool:
        return not self.days or weekday in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Nothing goes in before ``until`` (None: for longer than a year)."""

    until: float | None
    reason: str


def frozen(windows: Sequence[FreezeWindow], now: float) -> Frozen | None:
    """The end of the freeze that holds now, windows that follow each other taken as one; None where none holds."""
    holding = [window for window in windows if window.holds(now)]
    if not holding:
        return None
    moment = now - now % 60
    for _ in range(_LONGEST * _DAY):
        moment += 60
        if not any(window.holds(moment) for window in windows):
            return Frozen(until=moment, reason=holding[0].reason)
        if all(_for_ever(window) for window in windows if window.holds(moment)):
            break
    return Frozen(until=None, reason=holding[0].reason)


def zone_of(name: str) -> tzinfo:
    """The time zone. Raises ValueError for one that this machine does not know."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ) as error:  # a directory of the database gives an OSError
        raise ValueError(f"there is no time zone {name!r}") from error


def _for_ever(window: FreezeWindow) -> bool:
    return window.end is None and len(window.days) in (0, 7) and window.hours == (0, _DAY)
