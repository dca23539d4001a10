"""Where a coroutine waits for what others tell it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from holkas_builtin.runner.waits import ready

T = TypeVar("T")


class Inbox(Generic[T]):
    """Items in the order in which they were put. One coroutine of a crew takes them; anybody may put."""

    __slots__ = ("_items", "_listener", "_lock")

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._listener: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def put(self, item: T) -> None:
        """Add an item, from any thread."""
        with self._lock:
            self._items.append(item)
            listener, self._listener = self._listener, None
        if listener is not None:
            listener()

    async def get(self, until: float = float("inf")) -> T | None:
        """The oldest item; None when there is none at a time of :func:`time.monotonic`."""
        while not self._items:
            if time.monotonic() >= until:
                return None
            await ready((), until, self)
        return self._items.popleft()

    def listen(self, listener: Callable[[], None], /) -> None:
        """See :class:`~holkas_builtin.runner.waits.Waker`."""
        with self._lock:
            filled = bool(self._items)
            self._listener = None if filled else listener
        if filled:
            listener()

    def fileno(self) -> int:
        """Raises NotImplementedError: only a crew waits for an inbox."""
        raise NotImplementedError("an inbox is waited for in a crew")
