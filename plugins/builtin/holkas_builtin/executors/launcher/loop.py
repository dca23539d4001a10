"""The launcher's main loop: requests in, exit codes out.

A request is a length (4 bytes, big-endian) and JSON; descriptors come with its first bytes. The answer to ``setup``
comes back on the same socket; a step's answers come on the pipe that came with its request.
When the socket is closed, because holkas ended in whatever way, every world is killed.
"""

from __future__ import annotations

import array
import contextlib
import gc
import json
import os
import select
import signal
import socket
from typing import Any

from . import init, privileges, world
from . import syscalls as sys_

HEADER = 4
MOST_DESCRIPTORS = 3
OWN = "/proc/self"


class Launcher:
    """State of the loop: which world's first process reports to which pipe."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: dict[int, int] = {}
        self._pipes: dict[int, tuple[int, int]] = {}

    def serve(self) -> None:
        """Answer requests until the other side is gone."""
        wake, woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
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
        if kind == "setup":
            self._setup(request)
        elif kind == "start":
            self._start(request, descriptors)
        elif kind == "signal" and request["id"] in self._pids:
            os.kill(self._pids[request["id"]], request["signal"])
        return True

    def reap(self) -> None:
        """Report the worlds that have ended. All their processes are gone by then."""
        while self._pipes:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            number, pipe = self._pipes.pop(pid)
            del self._pids[number]
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(BrokenPipeError):
                os.write(pipe, f"exit {128 - code if code < 0 else code}\n".encode())
            os.close(pipe)

    def kill_all(self) -> None:
        """End every world."""
        for pid in self._pipes:
            os.kill(pid, signal.SIGKILL)
        for pid in self._pipes:
            os.waitpid(pid, 0)

    def _read(self) -> tuple[dict[str, Any], list[int]] | None:
        room = socket.CMSG_SPACE(MOST_DESCRIPTORS * array.array("i").itemsize)
        data, ancillary, _, _ = self._control.recvmsg(
            HEADER, room, socket.MSG_WAITALL | socket.MSG_CMSG_CLOEXEC
        )
        if len(data) < HEADER:
            return None
        descriptors = array.array("i")
        for _, _, content in ancillary:
            descriptors.frombytes(content)
        size = int.from_bytes(data, "big")
        body = self._control.recv(size, socket.MSG_WAITALL)
        return (json.loads(body), list(descriptors)) if len(body) == size else None

    def _setup(self, request: dict[str, Any]) -> None:
        try:
            stage = "namespace"
            enter_namespaces()
            stage = "mount"
            world.prepare_root()
            world.apply(request["operations"])
            world.forget()
            stage = "privileges"
            privileges.limit()
            answer = b"ok\n"
        except OSError as error:
            answer = f"error {error.errno or 0} {stage} {error.filename or ''}\n".encode()
        gc.freeze()
        self._control.sendall(answer)

    def _start(self, request: dict[str, Any], descriptors: list[int]) -> None:
        stdout, stderr, pipe = descriptors
        try:
            pid = sys_.fork_into(init.NAMESPACES)
        except OSError as error:
            os.write(pipe, f"error {error.errno or 0} namespace \n".encode())
            os.close(pipe)
        else:
            if pid == 0:
                init.run(request, stdout, stderr, pipe)
            self._pids[request["id"]] = pid
            self._pipes[pid] = (request["id"], pipe)
        os.close(stdout)
        os.close(stderr)


def enter_namespaces() -> None:
    """A mount namespace of our own; for a user without privileges inside a user namespace where he is root."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        sys_.unshare(sys_.CLONE_NEWNS)
        return
    sys_.unshare(sys_.CLONE_NEWUSER | sys_.CLONE_NEWNS)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"{OWN}/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - no pathlib here
            file.write(text)


def main(descriptor: int) -> None:
    """Serve the socket at a descriptor."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It was inherited by us, but no step may have it.
    os.set_inheritable(descriptor, False)
    launcher = Launcher(socket.socket(fileno=descriptor))
    try:
        launcher.serve()
    finally:
        launcher.kill_all()
