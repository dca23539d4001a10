"""The wish to end, seen at once by every thread that waits for a process."""

from __future__ import annotations

import os
import threading


class Cancellation:
    """Set once, with a reason; a descriptor becomes readable at that moment. Safe for threads."""

    def __init__(self) -> None:
        self._read, self._write = (
            os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK) if hasattr(os, "pipe2") else os.pipe()
        )
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
            os.write(self._write, b"x")

    @property
    def is_set(self) -> bool:
        """Whether the end is wanted."""
        return bool(self.reason)

    def fileno(self) -> int:
        """For select and poll."""
        return self._read

    def close(self) -> None:
        """Give the descriptors back; a wish that comes later finds nothing to end."""
        with self._lock:
            self._closed = True
            os.close(self._read)
            os.close(self._write)
