"""What monitoring measures: samples of a metric, lines of a log, alerts."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A value of a metric at a time (seconds since the epoch)."""

    time: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of a log. ``source``: the service or host that wrote it."""

    time: float
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert that is firing since a time (seconds since the epoch)."""

    name: str
    message: str = ""
    severity: str = ""
    since: float = 0.0
