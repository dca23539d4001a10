"""The launcher of ``process``: every step on the bare host, as the leader of a session and a process group of its own.

When a leader ends, what is left of its group is killed before its id is free. Who has left the group is adopted by the
launcher on Linux, so that holkas is told when there is somebody to look for, and so that nobody outlives the launcher.
Source: prctl(2), PR_SET_CHILD_SUBREAPER; proc(5), task/<tid>/children.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import time

from holkas_builtin.executors import shebang

from .loop import TYPE_CHECKING, Loop, serve
from .spawn import spawn

if TYPE_CHECKING:
    from typing import Any

_BUSY_DELAYS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512)
"""Seconds between attempts to start a script whose file somebody still holds open for writing.

A thread of holkas that starts a program of its own just then copies the descriptor that wrote the script; until that
program runs the kernel answers ETXTBSY (golang.org/issue/22315 describes the same race).
"""

_PATIENCE = 5.0
"""Seconds in which everything that is left is killed at the end, however fast it forks."""


class Groups(Loop):
    """Starts process groups. ``adopts``: whether what steps leave behind becomes ours."""

    def __init__(self, control: socket.socket, *, adopts: bool = sys.platform == "linux") -> None:
        super().__init__(control)
        self._children = -1
        if adopts:
            from . import syscalls

            with contextlib.suppress(OSError):  # a kernel without that file: holkas looks by itself
                syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
                self._children = os.open(
                    f"/proc/self/task/{os.getpid()}/children", os.O_RDONLY | os.O_CLOEXEC
                )

    def begin(self, request: dict[str, Any], stdout: int, stderr: int, pipe: int) -> int:
        """Start a program; its script's interpreter is looked up by its name where it is elsewhere on this machine."""
        env, cwd = request["env"], request["cwd"]
        argv = shebang.with_shell(request["argv"], request["shell"], cwd)
        try:
            os.chdir(cwd)
        except OSError as error:
            self.tell(pipe, f"error {error.errno} cwd {cwd}\n")
            return 0
        other: list[str] | None = argv
        while other is not None:
            argv, failure = other, 0
            try:
                return _spawn_free(argv, env, stdout, stderr)
            except ValueError as error:
                self.tell(pipe, f"error {errno.EINVAL} value {error}\n")
                return 0
            except OSError as error:
                failure = error.errno or 0
                other = _elsewhere(failure, argv, env["PATH"], cwd)
        self.tell(pipe, f"error {failure} exec {shebang.interpreter(argv[0], cwd)}\n")
        return 0

    def last_words(self, pid: int) -> str:
        """The leader's id, and 1 where somebody may have left his group. What is left of its own group is killed."""
        self.signal(pid, signal.SIGKILL)
        return f" {pid} {int(self._has_strangers())}"

    def signal(self, pid: int, number: int) -> None:
        """To the whole group. macOS answers EPERM where only the zombie of the leader is left."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)

    def other(self, request: dict[str, Any]) -> None:
        """``pid``: tell the id of a running leader."""
        pipe = self.pipe_of(request["id"])
        if pipe >= 0:
            self.tell(pipe, f"pid {self.pid_of(request['id'])}\n")

    def kill_all(self) -> None:
        """The groups, then whom we have adopted, and whom we adopt thereby."""
        super().kill_all()
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and (left := self._offspring()):
            for pid in left:
                with contextlib.suppress(PermissionError):  # it has become another user's
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def _has_strangers(self) -> bool:
        """Whether we have children beside leaders. A killed one counts too: its own children are adopted only now."""
        return self._children < 0 or any(pid not in self._pipes for pid in self._offspring())

    def _offspring(self) -> list[int]:
        """Our children. None of them is missing: only we take them from that list."""
        if self._children < 0:
            return []
        text = b""
        while piece := os.pread(self._children, 1 << 16, len(text)):
            text += piece
        return [int(word) for word in text.split()]


def _spawn_free(argv: list[str], env: dict[str, str], stdout: int, stderr: int) -> int:
    """:func:`spawn` of a script that was written a moment ago."""
    for delay in _BUSY_DELAYS:
        try:
            return spawn(argv, env, stdout, stderr)
        except OSError as error:
            if error.errno != errno.ETXTBSY:
                raise
        time.sleep(delay)
    return spawn(argv, env, stdout, stderr)


def _elsewhere(number: int, argv: list[str], path: str, cwd: str) -> list[str] | None:
    # Few steps need it, and every start of a launcher is waited for.
    from holkas_builtin.executors import tools

    if number not in tools.MISSING:
        return None
    found = tools.elsewhere(argv, argv[0], path, cwd)
    return None if found is None else list(found)


def main(descriptor: int) -> None:
    """Serve the socket at a descriptor."""
    os.umask(0o022)
    serve(Groups, descriptor)
