"""The parent's end of the launcher: starts it, sends requests, reads exit codes."""

from __future__ import annotations

import array
import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .mount_plan import Operation

ROOT = Path(__file__).resolve().parents[2]
BOOT = "import sys; sys.path.append(sys.argv[1]); from {package}.launcher.loop import main; main(int(sys.argv[2]))"


class LauncherError(Exception):
    """A request failed.

    number: errno, 0 if the launcher has ended. stage: ``namespace``, ``mount``, ``cwd``, ``privileges``, ``exec`` or
    ``launcher``. path: what it was about.
    """

    def __init__(self, number: int, stage: str, path: str = "") -> None:
        super().__init__(
            f"{stage}: {os.strerror(number) if number else 'the launcher ended'} {path}".rstrip()
        )
        self.number = number
        self.stage = stage
        self.path = path


class World:
    """A started step: its number and the pipe on which its end is told."""

    __slots__ = ("_buffer", "code", "number", "pipe")

    def __init__(self, number: int, pipe: int) -> None:
        self.number = number
        self.pipe = pipe
        self.code: int | None = None
        self._buffer = b""

    def line(self) -> list[str]:
        """The next message as words; empty at the end of the pipe. Blocks."""
        while b"\n" not in self._buffer:
            data = os.read(self.pipe, 4096)
            if not data:
                return []
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode(errors="surrogateescape").split(" ", 3)

    def ended(self, timeout: float | None) -> bool:
        """Whether the end has been told, after at most ``timeout`` seconds."""
        if self._buffer:
            return True
        poll = select.poll()
        poll.register(self.pipe, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(0.0, timeout) * 1000))


class Launcher:
    """The launcher process. Safe for threads."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    "-c",
                    BOOT.format(package=__package__),
                    str(ROOT),
                    str(theirs.fileno()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env={},
                # Ctrl-C in the terminal must not reach it: it ends when this process says so, or is gone.
                start_new_session=True,
            )
        self._control = ours
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def setup(self, operations: Sequence[Operation]) -> None:
        """Make the base of all worlds. Raises LauncherError."""
        self._send({"kind": "setup", "operations": operations})
        answer = b""
        while not answer.endswith(b"\n"):
            data = self._control.recv(4096)
            if not data:
                raise LauncherError(0, "launcher")
            answer += data
        _raise_for(answer.decode(errors="surrogateescape").rstrip("\n").split(" ", 3))

    def start(
        self,
        operations: Sequence[Operation],
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: str,
        *,
        user: int | None = None,
        group: int | None = None,
        stdout: int,
        stderr: int,
    ) -> World:
        """Start a program in a world of its own; returns when it runs. Raises LauncherError."""
        number = next(self._numbers)
        request = {
            "kind": "start",
            "id": number,
            "operations": operations,
            "argv": argv,
            "env": env,
            "cwd": cwd,
            "user": user,
            "group": group,
        }
        reader, writer = os.pipe2(os.O_CLOEXEC) if sys.platform == "linux" else os.pipe()
        world = World(number, reader)
        try:
            try:
                self._send(request, (stdout, stderr, writer))
            finally:
                os.close(writer)
            _raise_for(world.line())
        except BaseException:
            os.close(reader)
            raise
        return world

    def signal(self, world: World, number: signal.Signals) -> None:
        """Signal every process of a world; SIGKILL ends it as a whole."""
        with contextlib.suppress(LauncherError):
            self._send({"kind": "signal", "id": world.number, "signal": int(number)})

    def close(self) -> None:
        """End every world and the launcher."""
        self._control.close()
        self._process.wait()

    def _send(self, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        body = json.dumps(request).encode()
        ancillary = (
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        )
        try:
            with self._lock:
                self._control.sendmsg([len(body).to_bytes(4, "big")], ancillary)
                self._control.sendall(body)
        except OSError as error:
            raise LauncherError(0, "launcher") from error


def _raise_for(words: Sequence[str]) -> None:
    if words and words[0] == "error":
        raise LauncherError(int(words[1]), words[2], words[3])
    if not words or words[0] != "ok":
        raise LauncherError(0, "launcher")
