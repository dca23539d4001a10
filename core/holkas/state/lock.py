"""Whether a run is still somebody's: a lock that the kernel gives back when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_AGAIN = (0.001, 0.002, 0.004, 0.008, 0.016)
"""Seconds between tries: who only looks (:func:`is_owned`) has the lock for an instant, an owner for a run's time."""


class OwnerLock:
    """Held by the process that carries out a run, for as long as it lives."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def take_within(self, seconds: float) -> bool:
        """Take the lock; False when another process keeps it for so long.

        A process that was killed while it started another may seem to live on for a moment: its child, as long as it
        has not become the program to be started, has the lock too.
        """
        deadline = time.monotonic() + seconds
        while not self.take():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def take(self) -> bool:
        """Take the lock; False when another process has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for delay in (*_AGAIN, 0.0):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(delay)
            else:
                self._descriptor = descriptor
                return True
        os.close(descriptor)
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def is_owned(path: Path) -> bool:
    """Whether a living process holds the lock at ``path``."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
