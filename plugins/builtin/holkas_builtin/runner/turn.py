"""Whose turn it is: the threads of a run do their own work one at a time, and wait for their steps side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """A lock that a thread has while it works and gives away while it waits.

    Python lets one thread run at a time, and lets it change at every system call. Preparing and finishing a step takes
    a hundred of those, and eight threads that take each other's place at each one cost more than all their work:
    200 tasks took 160 changes of thread each without turns, and take 20 with them.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @contextmanager
    def waiting(self, really: bool = True) -> Iterator[None]:
        """What may take long, done by a thread whose turn it is: others go on meanwhile.

        ``really``: False for what turns out to be quick.
        """
        if not really:
            yield
            return
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
