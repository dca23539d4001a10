"""Threads that carry out tasks. A pool of :mod:`concurrent.futures` costs more: imports, and a future for every call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], None]


class Workers:
    """At most ``count`` threads, made as they are needed; the oldest work comes first. Safe for threads.

    Work must not raise. As a context manager it waits at its end for everything that was submitted.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0

    def submit(self, work: Work) -> None:
        """Have it carried out as soon as a thread is free."""
        with self._lock:
            self._queue.put(work)
            if self._idle:
                self._idle -= 1
            elif len(self._threads) < self._count:
                thread = threading.Thread(target=self._run, name=f"task-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for _thread in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()
            with self._lock:
                self._idle += 1
