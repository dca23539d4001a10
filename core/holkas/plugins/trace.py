"""One line on standard error for each import and hook call, under ``HOLKAS_TRACE_PLUGINS=1``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def traced(enabled: bool, action: str, what: str) -> Iterator[None]:
    """Time what is done inside: ``holkas plugins: import holkas_x.hooks 1.3 ms``. Failures are timed too."""
    if not enabled:
        yield
        return
    start = time.perf_counter()
    try:
        yield
    finally:
        milliseconds = (time.perf_counter() - start) * 1000
        print(f"holkas plugins: {action} {what} {milliseconds:.1f} ms", file=sys.stderr)
