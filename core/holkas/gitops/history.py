"""What was synced when, and going back to it without being taken forward again (Argo CD, application history)."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.application import DEFAULT_HISTORY_LIMIT
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One successful sync of the whole application. revisions: of its sources, resolved. by: who asked, empty for an
    automatic sync."""

    id: int
    revisions: tuple[str, ...]
    deployed_at: float
    started_at: float = 0.0
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A rollback that lasts. revisions: what the application is kept at. instead_of: what was desired when it was rolled
    back; None where only a person ends the hold."""

    revisions: tuple[str, ...]
    instead_of: tuple[str, ...] | None = None
    reason: str = ""


def recorded(
    history: Sequence[HistoryEntry],
    *,
    revisions: tuple[str, ...],
    started_at: float,
    now: float,
    by: str = "",
    limit: int | None = None,
) -> tuple[HistoryEntry, ...]:
    """The history with one more entry, the newest last, and no more entries than the limit."""
    most = DEFAULT_HISTORY_LIMIT if limit is None else max(limit, 0)
    number = history[-1].id + 1 if history else 0
    entry = HistoryEntry(id=number, revisions=revisions, deployed_at=now, started_at=started_at, by=by)
    return tuple([*history, entry][-most:]) if most else ()


def find(history: Sequence[HistoryEntry], number: int | None = None) -> HistoryEntry | None:
    """The entry to go back to: with this id, or the one before the newest; None where there is none."""
    if number is None:
        return history[-2] if len(history) > 1 else None
    return next((entry for entry in history if entry.id == number), None)


def desired_revisions(resolved: tuple[str, ...], hold: Hold | None) -> tuple[tuple[str, ...], Hold | None]:
    """What is to be synced, and the hold that goes on.

    A hold keeps automatic syncs at the older revision until something newer than what it rolled back from is desired, or
    until a person ends it.
    """
    if hold is None:
        return resolved, None
    if hold.instead_of is not None and resolved not in (hold.instead_of, hold.revisions):
        return resolved, None
    return hold.revisions, hold
