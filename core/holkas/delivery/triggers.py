"""What begins a delivery by itself, and when a schedule is due."""

from __future__ import annotations

from datetime import datetime

from holkas.delivery.freeze import zone_of
from holkas.gitops.project.cron import parse_schedule
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRule:
    """What ``holkas serve`` waits for. Whatever it is, the head of the branch is then delivered.

    poll: seconds between two looks at the branch, 0 for none. webhook: ``path#key`` of the secret that the forge signs
    with, empty for none. schedule: five fields of cron, in ``zone``. after: projects whose delivery has succeeded.
    """

    poll: float = 0.0
    webhook: str = ""
    schedule: str = ""
    zone: str = "UTC"
    after: tuple[str, ...] = ()


def next_time(schedule: str, zone: str, after: float) -> float | None:
    """When a schedule is due next after a time, both in seconds since the epoch; None for never.

    Raises CronError, which is a ValueError, and ValueError for an unknown zone.
    """
    moment = parse_schedule(schedule).next_after(datetime.fromtimestamp(after, zone_of(zone)))
    return None if moment is None else moment.timestamp()


def is_due(schedule: str, zone: str, last: float, now: float) -> bool:
    """Whether a schedule was due since it was last served; once, however often it was missed meanwhile."""
    following = next_time(schedule, zone, last) if schedule else None
    return following is not None and following <= now
