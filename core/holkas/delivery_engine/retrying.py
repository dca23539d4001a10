"""Calls a tool again when it says that it may work later."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from holkas.roles.errors import Retryable

T = TypeVar("T")

TRIES = 4
LONGEST = 10.0
"""Seconds that are waited at most before the next try."""


def retried(call: Callable[[], T], *, sleep: Callable[[float], None] = time.sleep, tries: int = TRIES) -> T:
    """The call's answer. Raises Retryable when it did not work so many times, and everything else at once."""
    for attempt in range(1, tries + 1):
        try:
            return call()
        except Retryable as error:
            if attempt == tries:
                raise
            sleep(min(LONGEST, error.after * 2 ** (attempt - 1)))
    raise AssertionError("there is at least one try")
