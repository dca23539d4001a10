"""Starting a step through bubblewrap: the sandbox's second way, where the system trusts bwrap but not us.

The same mount plan becomes bwrap's arguments.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from holkas.extensions.executor import Command

from . import shebang, survivors
from .closable import Closable
from .failures import start_failure
from .host_process import HostProcess
from .mount_plan import Operation, Tree
from .starter import Missing, Starter

_FIXED = ("--die-with-parent", "--unshare-pid", "--unshare-ipc")
# Without this a step of real root would keep every capability; the names are those of privileges.KEPT.
_KEPT = (
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SYS_CHROOT",
    "AUDIT_WRITE",
    "SETFCAP",
)
_ROOT = ("--cap-drop", "ALL", *(word for name in _KEPT for word in ("--cap-add", f"CAP_{name}")))
_OPTIONS = {"bind": "--bind", "bind-ro": "--ro-bind", "symlink": "--symlink", "dir": "--dir"}
_READ_ONLY = {**_OPTIONS, "bind": "--ro-bind", "bind-try": "--ro-bind-try"}


def arguments(base: Sequence[Operation], step: Sequence[Operation], tree: Tree) -> list[str]:
    """A mount plan as bubblewrap's options. Source: bwrap(1), file system options.

    bwrap makes /dev as a whole and a root of its own, so operations on these are left out.
    """
    result: list[str] = []
    sealed = ["/"]
    for part, read_only in ((base, True), (step, False)):
        for name, *rest in part:
            if name == "open":
                if rest[0] != "/":
                    result += ["--tmpfs", rest[0], *_entries(rest[0], tree)]
                    sealed.append(rest[0])
            elif name == "proc":
                result += ["--proc", "/proc"]
            elif name == "seal":
                result += ["--ro-bind", rest[0], rest[0]]
            elif name == "tmpfs" and rest[0] == "/dev":
                result += ["--dev", "/dev"]
            elif name == "tmpfs" and not rest[0].startswith("/dev/"):
                result += ["--tmpfs", rest[0]]
            elif name in _READ_ONLY and not rest[-1].startswith("/dev/"):
                result += [_READ_ONLY[name] if read_only else _OPTIONS[name], *rest]
    for path in sealed:
        result += ["--remount-ro", path]
    return result


def _is_program(path: str) -> bool:
    """Whether the kernel would start a file; bwrap would hand every other to a shell, as execvp does."""
    with Path(path).open("rb") as file:
        return file.read(4).startswith((b"\x7fELF", b"#!"))


def _entries(directory: str, tree: Tree) -> list[str]:
    result: list[str] = []
    for name in sorted(tree.entries(directory)):
        path = f"{directory}/{name}"
        if tree.kind(path) == "link":
            result += ["--symlink", tree.target(path), path]
        else:
            result += ["--ro-bind-try", path, path]
    return result


class BubblewrapProcess(HostProcess):
    """bwrap, whose descendants are the world."""

    def ask(self, detached: Collection[int]) -> None:
        """SIGTERM to the world, but not to bwrap, which would end at once and take the world with it."""
        survivors.send([pid for pid in detached if survivors.name(pid) != "bwrap"], signal.SIGTERM)


class Bubblewrap(Starter):
    """One bwrap process for each step."""

    def __init__(self, base: Sequence[Operation], tree: Tree) -> None:
        self._base = base
        self._tree = tree
        self._program = shutil.which("bwrap")
        self._fixed = _FIXED + (_ROOT if os.geteuid() == 0 else ())

    def works(self) -> bool:
        """Whether bwrap is installed and can make a world."""
        if self._program is None:
            return False
        options = arguments(self._base, [("proc", "/proc", "")], self._tree)
        done = subprocess.run(
            [self._program, *self._fixed, *options, "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def start(
        self,
        command: Command,
        operations: Sequence[Operation],
        argv: Sequence[str],
        env: Mapping[str, str],
        script: str,
        *,
        stdout: int,
        stderr: int,
    ) -> Closable:
        """A world of its own for one step. bwrap cannot say why a program does not start, so we look first."""
        program = script if "/" in argv[0] else shutil.which(argv[0], path=env["PATH"])
        interpreter = shebang.interpreter(script, "/") if "/" in argv[0] else ""
        if program is None or not all(Path(path).exists() for path in (program, interpreter) if path):
            raise Missing(errno.ENOENT)
        if not os.access(program, os.X_OK) or Path(program).is_dir():
            raise start_failure(errno.EACCES, command)
        if not interpreter and not _is_program(program):
            raise start_failure(errno.ENOEXEC, command)
        options = arguments(self._base, operations, self._tree)
        return BubblewrapProcess(
            subprocess.Popen(
                [
                    self._program or "bwrap",
                    *self._fixed,
                    *options,
                    "--chdir",
                    command.cwd or "/",
                    "--",
                    *argv,
                ],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=dict(env),
                start_new_session=True,
                umask=0o022,
            )
        )

    def close(self) -> None:
        """Nothing is shared between the worlds."""
