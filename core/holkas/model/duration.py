"""Durations as Go reads and writes them (package time, ParseDuration and Duration.String)."""

from __future__ import annotations

import re

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART = re.compile(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_LIMIT = 1 << 63


class DurationError(ValueError):
    """A text that is no duration; the message says what is wrong with it."""


def parse_duration(text: str) -> int:
    """Nanoseconds of ``1h30m``, ``-1.5s``, ``0`` … Raises DurationError."""
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    if not rest:
        raise DurationError(f'"{text}" is no duration: write a number and a unit, such as 1h30m')
    total, at = 0, 0
    while at < len(rest):
        match = _PART.match(rest, at)
        whole, fraction, unit = match.groups() if match else ("", "", "")
        if not whole and len(fraction or "") < 2:
            raise DurationError(f'"{text}" is no duration: write a number and a unit, such as 1h30m')
        if not unit:
            raise DurationError(f'"{text}" has no unit after {whole}{fraction or ""}: write h, m, s or ms')
        if unit not in _UNITS:
            raise DurationError(f'"{text}" has the unknown unit "{unit}": write h, m, s or ms')
        total += int(whole or "0") * _UNITS[unit]
        if fraction and len(fraction) > 1:
            from decimal import Decimal

            total += int(Decimal(f"0{fraction}") * _UNITS[unit])
        at = match.end() if match else len(rest)
        if total > _LIMIT:
            raise DurationError(f'"{text}" is longer than any duration (about 292 years)')
    if text[0] != "-" and total == _LIMIT:
        raise DurationError(f'"{text}" is longer than any duration (about 292 years)')
    return -total if text[0] == "-" else total


def duration_text(nanoseconds: int) -> str:
    """The canonical text: ``1h0m0s``, ``1.5s``, ``250ms``, ``0s``."""
    if nanoseconds == 0:
        return "0s"
    sign = "-" if nanoseconds < 0 else ""
    rest = abs(nanoseconds)
    if rest < 1_000_000_000:
        unit = next(name for name in ("ms", "µs", "ns") if rest >= _UNITS[name])
        return f"{sign}{_decimal(rest, _UNITS[unit])}{unit}"
    minutes, seconds = divmod(rest, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(seconds, 1_000_000_000)}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else f"{sign}{text}"


def _decimal(value: int, unit: int) -> str:
    whole, part = divmod(value, unit)
    if not part:
        return str(whole)
    return f"{whole}.{part:0{len(str(unit)) - 1}d}".rstrip("0")
