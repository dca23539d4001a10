"""Effective time-outs of a pipeline run, and when the next one comes."""

from __future__ import annotations

from holkas.model.run import Timeouts
from holkas.records import dataclass

DEFAULT_TIMEOUT = 3600.0
"""Seconds that a pipeline run or a task run may take where nothing is said (``default-timeout-minutes: 60``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveTimeouts:
    """Seconds, None for no limit. ``pipeline`` and ``tasks`` count from the start of the run."""

    pipeline: float | None
    tasks: float | None
    finally_: float | None


def effective_timeouts(timeouts: Timeouts) -> EffectiveTimeouts:
    """Fill in what follows from the others (docs/pipelineruns.md, "Configuring a failure timeout").

    Tasks is pipeline − finally and finally is pipeline − tasks, only if both of them are set; where one of both is 0
    (none) the third one is none too.
    """
    pipeline, tasks, finally_ = timeouts.pipeline, timeouts.tasks, timeouts.finally_
    if tasks is None:
        tasks = _rest(pipeline, finally_)
    if finally_ is None:
        finally_ = _rest(pipeline, timeouts.tasks)
    if pipeline is None:
        pipeline = DEFAULT_TIMEOUT
    return EffectiveTimeouts(pipeline=pipeline or None, tasks=tasks or None, finally_=finally_ or None)


def attempt_timeout(timeout: float | None) -> float | None:
    """Seconds for one attempt of a task run, None for no limit; asked for as None (the default) or 0 (none)."""
    return DEFAULT_TIMEOUT if timeout is None else timeout or None


def go_duration(seconds: float) -> str:
    """A duration as Go writes it in messages: ``1h0m0s``, ``2m30s``, ``1.5s``, ``400ms``."""
    if seconds == 0:
        return "0s"
    if seconds < 0:
        return f"-{go_duration(-seconds)}"
    nanoseconds = round(seconds * 1_000_000_000)
    if nanoseconds < 1_000_000_000:
        for unit, size in (("ms", 1_000_000), ("µs", 1_000), ("ns", 1)):
            if nanoseconds >= size:
                return f"{_decimal(nanoseconds, size)}{unit}"
    minutes, rest = divmod(nanoseconds, 60_000_000_000)
    text = f"{_decimal(rest, 1_000_000_000)}s"
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text


def _decimal(amount: int, unit: int) -> str:
    whole, rest = divmod(amount, unit)
    digits = len(str(unit)) - 1
    fraction = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{whole}.{fraction}" if fraction else str(whole)


def _rest(whole: float | None, part: float | None) -> float | None:
    if whole is None or part is None:
        return None
    # An exhausted rest is no time at all, not "no limit": Tekton's validation refuses it earlier.
    return 0.0 if whole == 0 or part == 0 else whole - part
