"""Time zones by their IANA names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def zone_of(name: str) -> tzinfo | None:
    """The zone of a name, UTC for an empty one; None for one that this machine does not know."""
    if name in ("", "UTC"):
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a bad name, or a directory of the database
        return None


def offset_at(name: str, moment: datetime) -> timedelta:
    """How far a zone is ahead of UTC at a moment; an unknown zone counts as UTC, as Argo CD takes it."""
    return moment.astimezone(zone_of(name) or UTC).utcoffset() or timedelta(0)
