"""Effective time-outs, and durations as Go writes them."""

from __future__ import annotations

import pytest
from holkas.model.run import Timeouts
from holkas.pipeline.timeouts import EffectiveTimeouts, attempt_timeout, effective_timeouts, go_duration


@pytest.mark.parametrize(
    ("given", "pipeline", "tasks", "finally_"),
    [
        (Timeouts(), 3600, None, None),
        (Timeouts(pipeline=0), None, None, None),
        (Timeouts(pipeline=100), 100, None, None),
        (Timeouts(pipeline=100, tasks=60), 100, 60, 40),
        (Timeouts(pipeline=100, finally_=30), 100, 70, 30),
        (Timeouts(pipeline=100, tasks=60, finally_=10), 100, 60, 10),
        (Timeouts(pipeline=0, tasks=60), None, 60, None),
        (Timeouts(pipeline=0, finally_=60), None, None, 60),
        (Timeouts(pipeline=100, tasks=0), 100, None, None),
        (Timeouts(tasks=60), 3600, 60, None),
        (Timeouts(finally_=60), 3600, None, 60),
    ],
)
def test_effective_timeouts(
    given: Timeouts, pipeline: float | None, tasks: float | None, finally_: float | None
) -> None:
    assert effective_timeouts(given) == EffectiveTimeouts(pipeline=pipeline, tasks=tasks, finally_=finally_)


def test_an_attempt_has_an_hour_unless_told_otherwise() -> None:
    assert attempt_timeout(None) == 3600
    assert attempt_timeout(0) is None
    assert attempt_timeout(5) == 5


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (3600, "1h0m0s"),
        (90, "1m30s"),
        (1.5, "1.5s"),
        (0.4, "400ms"),
        (0.0015, "1.5ms"),
        (0.000002, "2µs"),
        (0.000000003, "3ns"),
        (-60, "-1m0s"),
        (3661.25, "1h1m1.25s"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert go_duration(seconds) == text
