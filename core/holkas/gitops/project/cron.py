"""Cron schedules with five fields, as the library that Argo CD uses reads them (documentation of robfig/cron v3).

Minute, hour, day of month, month, day of week (0 or ``sun`` to 6 or ``sat``); lists, ranges, steps; ``TZ=`` or
``CRON_TZ=`` in front. Where both day fields are restricted, a day that fits one of them is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from holkas.records import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, Mapping[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of month", 1, 31, {}),
    ("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    ("day of week", 0, 6, {name: number for number, name in enumerate(_DAYS)}),
)
_YEARS = 5
"""Years after which a schedule that found no day is taken to have none."""


class CronError(ValueError):
    """A schedule that cannot be read; the message says which field and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The numbers that each field permits. any_day, any_weekday: the field is a star. zone: of ``TZ=``, or empty."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool
    zone: str = ""

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after a moment, in the moment's own clock; None where there is none in five years."""
        start = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        day = start.replace(hour=0, minute=0)
        earliest = (start.hour, start.minute)
        while day.year <= start.year + _YEARS:
            if day.month not in self.months:
                day = _next_month(day)
                earliest = (0, 0)
                continue
            if self._on(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        if (hour, minute) >= earliest:
                            return day.replace(hour=hour, minute=minute)
            if day.date() == datetime.max.date():
                return None
            day += timedelta(days=1)
            earliest = (0, 0)
        return None

    def _on(self, day: datetime) -> bool:
        in_month, in_week = day.day in self.days, (day.weekday() + 1) % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return in_month and in_week
        return in_month or in_week


@lru_cache(maxsize=1024)
def parse_schedule(text: str) -> Schedule:
    """Read a schedule. Raises CronError."""
    zone, rest = "", text
    if text.startswith(("TZ=", "CRON_TZ=")):
        head, _, rest = text.partition(" ")
        zone = head.partition("=")[2]
        _check_zone(zone)
    if rest.strip().startswith("@"):
        raise CronError(f"descriptors such as {rest.split()[0]} are not accepted")
    fields = rest.split()
    if not fields:
        raise CronError("the schedule is empty")
    if len(fields) != len(_FIELDS):
        raise CronError(f"expected exactly 5 fields, found {len(fields)}")
    numbers, stars = zip(
        *(_field(field, *bounds) for field, bounds in zip(fields, _FIELDS, strict=True)), strict=True
    )
    return Schedule(
        minutes=tuple(sorted(numbers[0])),
        hours=tuple(sorted(numbers[1])),
        days=frozenset(numbers[2]),
        months=frozenset(numbers[3]),
        weekdays=frozenset(numbers[4]),
        any_day=stars[2],
        any_weekday=stars[4],
        zone=zone,
    )


def _field(text: str, name: str, low: int, high: int, words: Mapping[str, int]) -> tuple[set[int], bool]:
    numbers: set[int] = set()
    star = False
    for part in text.split(","):
        if not part:
            continue
        found, is_star = _part(part, name, low, high, words)
        numbers |= found
        star = star or is_star
    return numbers, star


def _part(part: str, name: str, low: int, high: int, words: Mapping[str, int]) -> tuple[set[int], bool]:
    span, slash, step_text = part.partition("/")
    if "/" in step_text:
        raise CronError(f"too many slashes in the {name}: {part}")
    first, dash, last = span.partition("-")
    star = first in ("*", "?")
    if star:
        start, end = low, high
    else:
        if "-" in last:
            raise CronError(f"too many hyphens in the {name}: {part}")
        start = _number(first, name, words)
        end = _number(last, name, words) if dash else (high if slash else start)
    step = _number(step_text, name, {}) if slash else 1
    if start < low or end > high:
        raise CronError(f"the {name} must be from {low} to {high}: {part}")
    if start > end:
        raise CronError(f"the range of the {name} ends before it begins: {part}")
    if step == 0:
        raise CronError(f"the step of the {name} must be a positive number: {part}")
    return set(range(start, end + 1, step)), star and step == 1


def _number(text: str, name: str, words: Mapping[str, int]) -> int:
    if text.lower() in words:
        return words[text.lower()]
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise CronError(f"the {name} has no number where one is wanted: {text}")
    return int(text)


def _next_month(day: datetime) -> datetime:
    if day.month == 12:
        return day.replace(year=day.year + 1, month=1, day=1)
    return day.replace(month=day.month + 1, day=1)


def _check_zone(name: str) -> None:
    from holkas.gitops.project.time_zone import zone_of

    if zone_of(name) is None:
        raise CronError(f"there is no time zone {name}")
