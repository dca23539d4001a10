"""When a failed sync is tried again (Argo CD, "Automatic Retry with a limit")."""

from __future__ import annotations

from holkas.model.duration import DurationError, parse_duration
from holkas.model.sync_policy import (
    DEFAULT_BACKOFF_FACTOR,
    DEFAULT_BACKOFF_LIMIT_SECONDS,
    DEFAULT_BACKOFF_SECONDS,
    Retry,
)

AUTOMATIC_LIMIT = 5
"""Attempts of an automatic sync where the application does not say how many."""


def retry_delay(retries: int, retry: Retry | None, *, automatic: bool = False) -> float | None:
    """Seconds to wait after the end of a failed attempt before the next one; None where there is to be none.

    retries: how many there have been. automatic: nobody asked for this sync. A duration that cannot be read counts as
    not given.
    """
    limit = retry.limit if retry is not None else None
    if limit is None:
        limit = AUTOMATIC_LIMIT if automatic else 0
    if 0 <= limit <= retries:
        return None
    backoff = retry.backoff if retry is not None else None
    first = _seconds(backoff.duration if backoff is not None else "", DEFAULT_BACKOFF_SECONDS)
    longest = _seconds(backoff.max_duration if backoff is not None else "", DEFAULT_BACKOFF_LIMIT_SECONDS)
    factor = backoff.factor if backoff is not None and backoff.factor is not None else DEFAULT_BACKOFF_FACTOR
    delay = first
    for _ in range(min(retries, 64)):
        delay = min(delay * max(factor, 1), longest)
    return min(delay, longest)


def _seconds(text: str, default: float) -> float:
    if not text:
        return default
    try:
        return float(text) if text.isdigit() else parse_duration(text) / 1e9
    except DurationError:
        return default
