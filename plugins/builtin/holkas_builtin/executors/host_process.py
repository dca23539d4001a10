"""A process on the bare host, with its process group and its descendants."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection

from . import survivors
from .closable import Closable

HAS_PIDFD = hasattr(os, "pidfd_open")
LONGEST_POLL = 0.02
"""Seconds between two looks at the process where the system cannot wake us."""


class HostProcess(Closable):
    """Leader of a session of its own. When it ends, what is left of its process group is killed.

    The leader is reaped after its group was killed, so that its id cannot be another group's by then.
    """

    __slots__ = ("_code", "_descriptor", "_lock", "_popen", "_reaped")

    def __init__(self, popen: subprocess.Popen[bytes], reaped: Callable[[int], None] | None = None) -> None:
        """``reaped`` is told the id once, when it is free again."""
        self._popen = popen
        self._reaped = reaped
        self._descriptor = -1
        self._code: int | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """The leader's process id, which is also that of its group and its session."""
        return self._popen.pid

    def fileno(self) -> int:
        """A pidfd, open until this object is closed; -1 on systems without."""
        if not HAS_PIDFD:
            return -1
        with self._lock:
            if self._descriptor < 0:
                # After the end there is nothing to wait for: /dev/null is always readable.
                self._descriptor = (
                    os.pidfd_open(self.pid)
                    if self._code is None
                    else os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
                )
            return self._descriptor

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, 128 + signal for a signal; None when ``timeout`` seconds passed first."""
        if self._code is None and not self._ended(timeout):
            return None
        with self._lock:
            if self._code is None:
                self._code = self._reap()
            return self._code

    def terminate(self, grace: float = 0.0) -> None:
        """SIGTERM to the group and to descendants in other groups, ``grace`` seconds later SIGKILL."""
        detached = set(survivors.descendants(self.pid)) if self._code is None else set()
        if grace > 0 and self.wait(0) is None:
            self.ask(detached)
            if self.wait(grace) is None:
                detached.update(survivors.descendants(self.pid))
        self._signal(signal.SIGKILL)
        survivors.send(detached, signal.SIGKILL)
        self.wait()

    def ask(self, detached: Collection[int]) -> None:
        """SIGTERM to everything. ``detached``: descendants, in this group or in others."""
        self._signal(signal.SIGTERM)
        survivors.send(detached, signal.SIGTERM)

    def close(self) -> None:
        """Give the descriptor back; the process must have ended."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):
            self.close()

    def _ended(self, timeout: float | None) -> bool:
        """Whether the leader has ended, after waiting for at most ``timeout`` seconds."""
        if timeout == 0:
            with self._lock:
                return self._code is not None or os.waitid(os.P_PID, self.pid, _PEEK) is not None
        if HAS_PIDFD:
            poll = select.poll()
            poll.register(self.fileno(), select.POLLIN)
            return bool(poll.poll(None if timeout is None else max(0.0, timeout) * 1000))
        deadline = None if timeout is None else time.monotonic() + timeout
        delay = 0.0005
        while True:
            with self._lock:
                if self._code is not None or os.waitid(os.P_PID, self.pid, _PEEK) is not None:
                    return True
            if deadline is not None and time.monotonic() >= deadline:
                return False
            time.sleep(delay)
            delay = min(delay * 2, LONGEST_POLL)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group, unless the leader is reaped already and its id free."""
        with self._lock:
            if self._code is None:
                # macOS answers EPERM where only the zombie of the leader is left.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, number)

    def _reap(self) -> int:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._popen.wait()
        if self._reaped is not None:
            self._reaped(self.pid)
        return 128 - code if code < 0 else code


_PEEK = os.WEXITED | os.WNOHANG | os.WNOWAIT
