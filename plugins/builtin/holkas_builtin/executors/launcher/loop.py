"""The launcher's main loop: requests in, exit codes out. What a step is started in, the modules beside this one say.

A request is a length (4 bytes, big-endian) and what :mod:`marshal` makes of a dict; descriptors come with its first
bytes. A step's answers come on the pipe that came with its request.
When the socket is closed, because holkas ended in whatever way, everything that was started is killed.
"""

from __future__ import annotations

import array
import contextlib
import marshal
import os
import select
import signal
import socket
from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing costs a fifth of a launcher's start, and the first step waits for it
    from collections.abc import Callable
    from typing import Any

HEADER = 4
MOST_DESCRIPTORS = 3


class Loop(ABC):
    """State of the loop: which process reports to which pipe."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: dict[int, int] = {}
        self._pipes: dict[int, tuple[int, int]] = {}

    @abstractmethod
    def begin(self, request: dict[str, Any], stdout: int, stderr: int, pipe: int) -> int:
        """Start a step; its process id, 0 where the pipe was told why there is none."""

    @abstractmethod
    def last_words(self, pid: int) -> str:
        """What is told with the exit code of a process that has ended and is not reaped yet."""

    @abstractmethod
    def signal(self, pid: int, number: int) -> None:
        """Signal a step that has not been reaped."""

    def other(self, request: dict[str, Any]) -> None:
        """Answer a request that only this kind of launcher knows."""
        raise ValueError(request["kind"])

    def tell(self, pipe: int, line: str) -> None:
        """Write one line of an answer, if there is still somebody to read it."""
        with contextlib.suppress(BrokenPipeError):
            os.write(pipe, line.encode(errors="surrogateescape"))

    def pipe_of(self, number: int) -> int:
        """The pipe of a running step; -1 where it has ended."""
        return self._pipes[self._pids[number]][1] if number in self._pids else -1

    def pid_of(self, number: int) -> int:
        """The process of a running step; 0 where it has ended."""
        return self._pids.get(number, 0)

    def answer(self, data: bytes) -> None:
        """Answer on the socket itself."""
        self._control.sendall(data)

    def serve(self) -> None:
        """Answer requests until the other side is gone."""
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(wake, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake, 4096)
                    self.reap()
                elif not self.receive():
                    return

    def receive(self) -> bool:
        """Read and answer one request; False at the end of the socket."""
        received = self._read()
        if received is None:
            return False
        request, descriptors = received
        kind = request["kind"]
        if kind == "start":
            self._start(request, descriptors)
        elif kind != "signal":
            self.other(request)
        elif request["id"] in self._pids:
            self.signal(self._pids[request["id"]], request["signal"])
        return True

    def reap(self) -> None:
        """Report what has ended."""
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None:
                return
            pid = found.si_pid
            words = self.last_words(pid) if pid in self._pipes else ""
            _, status = os.waitpid(pid, 0)
            if pid not in self._pipes:
                continue
            number, pipe = self._pipes.pop(pid)
            del self._pids[number]
            code = os.waitstatus_to_exitcode(status)
            self.tell(pipe, f"exit {128 - code if code < 0 else code}{words}\n")
            os.close(pipe)

    def kill_all(self) -> None:
        """End everything that was started."""
        for pid in self._pipes:
            self.signal(pid, signal.SIGKILL)
        for pid in self._pipes:
            os.waitpid(pid, 0)

    def _read(self) -> tuple[dict[str, Any], list[int]] | None:
        room = socket.CMSG_SPACE(MOST_DESCRIPTORS * array.array("i").itemsize)
        flags = socket.MSG_WAITALL | getattr(socket, "MSG_CMSG_CLOEXEC", 0)
        data, ancillary, _, _ = self._control.recvmsg(HEADER, room, flags)
        if len(data) < HEADER:
            return None
        descriptors = array.array("i")
        for _, _, content in ancillary:
            descriptors.frombytes(content)
        if not hasattr(socket, "MSG_CMSG_CLOEXEC"):  # macOS
            for descriptor in descriptors:
                os.set_inheritable(descriptor, False)
        size = int.from_bytes(data, "big")
        body = self._control.recv(size, socket.MSG_WAITALL)
        if len(body) < size:
            return None
        return marshal.loads(body), list(descriptors)  # noqa: S302 - the other side is who started us

    def _start(self, request: dict[str, Any], descriptors: list[int]) -> None:
        stdout, stderr, pipe = descriptors
        pid = self.begin(request, stdout, stderr, pipe)
        if pid:
            self._pids[request["id"]] = pid
            self._pipes[pid] = (request["id"], pipe)
        else:
            os.close(pipe)
        os.close(stdout)
        os.close(stderr)


def serve(kind: Callable[[socket.socket], Loop], descriptor: int) -> None:
    """Serve the socket at a descriptor to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It was inherited by us, but no step may have it.
    os.set_inheritable(descriptor, False)
    loop = kind(socket.socket(fileno=descriptor))
    try:
        loop.serve()
    finally:
        loop.kill_all()
    os._exit(0)  # holkas waits for this end: there is nothing to tidy up
