"""A process of the bare host that a launcher has started, with its group and its descendants."""

from __future__ import annotations

import os
import signal
import threading
import time

from holkas.extensions.executor import Command, ExecutorError

from .closable import Closable
from .failures import start_failure
from .launcher_client import Launched, Launcher

_LOOK = 0.02
"""Seconds between two looks for an answer that another thread may have taken from the pipe."""


class GroupProcess(Closable):
    """Leader of a session of its own. When it ends, what is left of its process group is killed."""

    __slots__ = ("_code", "_command", "_failure", "_launched", "_launcher", "_lock", "_pid", "left_strangers")

    def __init__(self, launcher: Launcher, launched: Launched, command: Command) -> None:
        """left_strangers: whether there may be descendants in other groups when this one has ended."""
        self._launcher = launcher
        self._launched = launched
        self._command = command
        self._lock = threading.Lock()
        self._pid = 0
        self._code: int | None = None
        self._failure: ExecutorError | None = None
        self.left_strangers = True

    @property
    def pid(self) -> int:
        """The leader's process id, also that of its group and its session; 0 where it could not be started.

        Asked for where it is not known yet.
        """
        if not self._pid and self._code is None:
            self._launcher.ask(self._launched, "pid")
            while not self._pid and self._code is None:
                self._listen(_LOOK)
        return self._pid

    def fileno(self) -> int:
        """Readable at the end, and also when its id was asked for; open until this object is closed."""
        return self._launched.pipe

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, 128 + signal for a signal; None when ``timeout`` seconds passed first.

        Raises ExecutorError, once, where it could not be started.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        remaining = timeout
        while not self._listen(remaining):
            if deadline is not None:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return None
        with self._lock:
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self._code

    def terminate(self, grace: float = 0.0) -> None:
        """SIGTERM to the group and to descendants in other groups, ``grace`` seconds later SIGKILL."""
        if self._has_ended(0):
            return
        from . import survivors  # few are ended before they end by themselves

        pid = self.pid
        detached = set(survivors.descendants(pid)) if pid else set()
        if grace > 0:
            self._launcher.signal(self._launched, signal.SIGTERM)
            survivors.send(detached, signal.SIGTERM)
            if not self._has_ended(grace) and pid:
                detached.update(survivors.descendants(pid))
        self._launcher.signal(self._launched, signal.SIGKILL)
        survivors.send(detached, signal.SIGKILL)
        self._has_ended(None)

    def close(self) -> None:
        """Give the descriptor back; the process must have ended."""
        with self._lock:
            if self._launched.pipe >= 0:
                os.close(self._launched.pipe)
                self._launched.pipe = -1

    def _has_ended(self, timeout: float | None) -> bool:
        try:
            return self.wait(timeout) is not None
        except ExecutorError as failure:  # it is for who waits for the step
            with self._lock:
                self._failure = failure
            return True

    def _listen(self, timeout: float | None) -> bool:
        """Take what was told, after at most ``timeout`` seconds; whether the process has ended."""
        if self._code is None and (timeout == 0 or self._launched.has_answer(timeout)):
            with self._lock:
                # Another thread may have read it meanwhile.
                if self._code is None and self._launched.has_answer(0):
                    self._hear(self._launched.line())
        return self._code is not None

    def _hear(self, words: list[str]) -> None:
        if words and words[0] == "pid":
            self._pid = int(words[1])
        elif words and words[0] == "exit":
            self._pid, self.left_strangers = int(words[2]), words[3] != "0"
            self._code = int(words[1])
        elif words:
            self._failure = self._failed(int(words[1]), words[2], words[3])
            self._code, self.left_strangers = _NOT_STARTED, False
        else:  # the launcher itself has ended, which kills every group
            self._code = 128 + signal.SIGKILL

    def _failed(self, number: int, stage: str, text: str) -> ExecutorError:
        if stage == "value":
            return ExecutorError(f'cannot start "{self._command.argv[0]}": {text}')
        if stage == "cwd":
            return ExecutorError(f'the working directory "{text}" cannot be entered: {os.strerror(number)}')
        return start_failure(number, self._command, text)


_NOT_STARTED = 127
"""The exit code of shells for a program that is not there."""
