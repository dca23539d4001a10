"""The parent's end of a launcher: starts it, sends requests, reads answers."""

from __future__ import annotations

import array
import contextlib
import itertools
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .mount_plan import Operation

ROOT = Path(__file__).resolve().parents[2]
BOOT = "import sys; sys.path.append(sys.argv[1]); from {package}.launcher.{kind} import main; main(int(sys.argv[2]))"

_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Where some interpreters find their own library. Steps could read everything else that was passed on."""


class LauncherError(Exception):
    """A request failed.

    number: errno, 0 if the launcher has ended. stage: ``namespace``, ``mount``, ``cwd``, ``privileges``, ``exec``,
    ``value`` or ``launcher``. path: what it was about.
    """

    def __init__(self, number: int, stage: str, path: str = "") -> None:
        super().__init__(
            f"{stage}: {os.strerror(number) if number else 'the launcher ended'} {path}".rstrip()
        )
        self.number = number
        self.stage = stage
        self.path = path


class Launched:
    """What was asked for: its number, and the pipe on which its answers come. Used by one thread at a time."""

    __slots__ = ("_buffer", "number", "pipe")

    def __init__(self, number: int, pipe: int) -> None:
        self.number = number
        self.pipe = pipe
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

    def has_answer(self, timeout: float | None) -> bool:
        """Whether there is a message, or the end of the pipe, after at most ``timeout`` seconds."""
        if self._buffer:
            return True
        poll = select.poll()
        poll.register(self.pipe, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(0.0, timeout) * 1000))


class Launcher:
    """A launcher process; ``kind``: the module of it that is to be served. Safe for threads. Raises OSError."""

    def __init__(self, kind: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    "-c",
                    BOOT.format(package=__package__, kind=kind),
                    str(ROOT),
                    str(theirs.fileno()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env={name: os.environ[name] for name in _LOADER if name in os.environ},
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
        raise_for(answer.decode(errors="surrogateescape").rstrip("\n").split(" ", 3))

    def launch(self, *, stdout: int, stderr: int, **request: Any) -> Launched:
        """Have a program started, as the kind of launcher understands it; returns at once. Raises LauncherError."""
        reader, writer = os.pipe()
        launched = Launched(next(self._numbers), reader)
        try:
            self._send({"kind": "start", "id": launched.number, **request}, (stdout, stderr, writer))
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        return launched

    def ask(self, launched: Launched, question: str) -> None:
        """Have something told on the pipe of a program that runs."""
        with contextlib.suppress(LauncherError):
            self._send({"kind": question, "id": launched.number})

    def signal(self, launched: Launched, number: signal.Signals) -> None:
        """Signal a world or a group as a whole; nothing happens where it has ended."""
        with contextlib.suppress(LauncherError):
            self._send({"kind": "signal", "id": launched.number, "signal": int(number)})

    def close(self) -> None:
        """End everything that was launched, and the launcher."""
        self._control.close()
        self._process.wait()

    def _send(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        body = marshal.dumps(request)
        message = len(body).to_bytes(4, "big") + body
        rights = array.array("i", descriptors)
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if descriptors else []
        try:
            with self._lock:
                sent = self._control.sendmsg([message], ancillary)
                if sent < len(message):
                    self._control.sendall(message[sent:])
        except OSError as error:
            raise LauncherError(0, "launcher") from error


def raise_for(words: Sequence[str]) -> None:
    """Raises LauncherError for every answer but ``ok``."""
    if words and words[0] == "error":
        raise LauncherError(int(words[1]), words[2], words[3])
    if not words or words[0] != "ok":
        raise LauncherError(0, "launcher")
