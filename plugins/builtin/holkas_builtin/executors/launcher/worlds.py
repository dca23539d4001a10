"""The sandbox's launcher: every step in a world of its own. The answer to ``setup`` comes back on the socket itself."""

from __future__ import annotations

import gc
import os

from . import init, privileges, world
from . import syscalls as sys_
from .loop import TYPE_CHECKING, Loop, serve

if TYPE_CHECKING:
    from typing import Any

OWN = "/proc/self"


class Worlds(Loop):
    """Forks worlds off a base that ``setup`` has made."""

    def begin(self, request: dict[str, Any], stdout: int, stderr: int, pipe: int) -> int:
        """Fork the world's first process, which tells the rest."""
        try:
            pid = sys_.fork_into(init.NAMESPACES)
        except OSError as error:
            self.tell(pipe, f"error {error.errno or 0} namespace \n")
            return 0
        if pid == 0:
            init.run(request, stdout, stderr, pipe)
        return pid

    def last_words(self, pid: int) -> str:
        """Nothing: with its first process all of a world is gone."""
        return ""

    def signal(self, pid: int, number: int) -> None:
        """To the first process, which passes it on."""
        os.kill(pid, number)

    def other(self, request: dict[str, Any]) -> None:
        """``setup``, once."""
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
        self.answer(answer)


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
    serve(Worlds, descriptor)
