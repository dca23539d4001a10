"""Durations as Go spells them (``1h30m``, ``0s``), to seconds and back.

Source: Go's package time, ParseDuration and Duration.String.
"""

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
_PART = re.compile(r"(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(ns|us|µs|μs|ms|s|m|h)")
_LARGEST = 2**63 - 1


def parse_duration(text: str) -> float:
    """Seconds of a duration. Raises ValueError for what Go refuses: no unit, a blank, more than 292 years."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0.0
    nanoseconds, at = 0, 0
    while at < len(body):
        part = _PART.match(body, at)
        if part is None:
            break
        unit = _UNITS[part[4]]
        fraction = part[2] or part[3] or ""
        nanoseconds += int(part[1] or 0) * unit + (
            int(fraction) * unit // 10 ** len(fraction) if fraction else 0
        )
        at = part.end()
    if at == 0 or at < len(body):
        raise ValueError(f"{text!r} is not a duration such as 1h30m or 45s")
    if nanoseconds > _LARGEST:
        raise ValueError(f"{text!r} is longer than a duration can be")
    return (-nanoseconds if text[0] == "-" else nanoseconds) / 1e9


def format_duration(seconds: float) -> str:
    """A duration as Go writes it: ``1h30m0s``, ``1.5s``, ``250ms``, ``0s``."""
    total = round(seconds * 1e9)
    sign, total = ("-", -total) if total < 0 else ("", total)
    if total == 0:
        return "0s"
    for unit in ("ns", "µs", "ms"):
        if total < _UNITS[unit] * 1000:
            return f"{sign}{_decimal(total, _UNITS[unit])}{unit}"
    minutes, rest = divmod(total, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, _UNITS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else sign + text


def _decimal(number: int, unit: int) -> str:
    whole, rest = divmod(number, unit)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}".rstrip("0") if rest else str(whole)
