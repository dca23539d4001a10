"""The wish to end, seen at once by every thread that waits for a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


class Cancellation:
    """Set once, with a reason; a descriptor becomes readable at that moment. Safe for threads.

    Descriptors are made when somebody asks for one: thousands of tasks may wait for their turn, and a process has
    few of them.
    """

    __slots__ = ("_closed", "_listener", "_lock", "_pipe", "message", "reason")

    def __init__(self) -> None:
        self._pipe: tuple[int, int] | None = None
        self._listener: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.reason = ""
        self.message = ""

    def set(self, reason: str, message: str = "") -> None:
        """Wake everybody; the first reason stays."""
        with self._lock:
            if self.reason or self._closed:
                return
            self.reason, self.message = reason, message
            if self._pipe is not None:
                os.write(self._pipe[1], b"x")
            listener = self._listener
        if listener is not None:
            listener()

    def listen(self, listener: Callable[[], None], /) -> None:
        """Have a function called by who sets it, at once if it is set; it takes the place of the one before."""
        with self._lock:
            self._listener = listener
            wanted = bool(self.reason)
        if wanted:
            listener()

    @property
    def is_set(self) -> bool:
        """Whether the end is wanted."""
        return bool(self.reason)

    def fileno(self) -> int:
        """For select and poll. Raises ValueError after :meth:`close`."""
        with self._lock:
            if self._closed:
                raise ValueError("the cancellation is closed")
            if self._pipe is None:
                self._pipe = os.pipe()
                if self.reason:
                    os.write(self._pipe[1], b"x")
            return self._pipe[0]

    def close(self) -> None:
        """Give the descriptors back; a wish that comes later finds nothing to end."""
        with self._lock:
            self._closed = True
            pipe, self._pipe = self._pipe, None
        for descriptor in pipe or ():
            os.close(descriptor)
