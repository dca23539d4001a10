"""Starting a step through bubblewrap: the sandbox's second way, where the system trusts bwrap but not us.

The same mount plan becomes bwrap's arguments. A cancelled step has no grace: bwrap ends on SIGTERM and takes its
world with it.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from holkas.extensions.executor import Command

from . import tools
from .host_process import HostProcess
from .mount_plan import Operation, Tree
from .starter import Closable, Missing, Starter

_FIXED = ("--die-with-parent", "--unshare-pid", "--unshare-ipc")


def arguments(base: Sequence[Operation], step: Sequence[Operation], tree: Tree) -> list[str]:
    """A mount plan as bubblewrap's options. Source: bwrap(1), file system options."""
    result: list[str] = []
    sealed = ["/"]
    for part, read_only in ((base, True), (step, False)):
        for name, *rest in part:
            if name == "bind":
                result += ["--ro-bind" if read_only else "--bind", *rest]
            elif name == "bind-ro":
                result += ["--ro-bind", *rest]
            elif name in ("symlink", "dir"):
                # bwrap makes /dev as a whole.
                result += [] if _in_dev(rest[-1]) else [f"--{name}", *rest]
            elif name == "tmpfs" and rest[0] == "/dev":
                result += ["--dev", "/dev"]
            elif name == "tmpfs" and not _in_dev(rest[0]):
                result += ["--tmpfs", rest[0]]
            elif name == "proc":
                result += ["--proc", "/proc"]
            elif name == "open" and rest[0] != "/":
                result += ["--tmpfs", rest[0], *_entries(rest[0], tree)]
                sealed.append(rest[0])
    for path in sealed:
        result += ["--remount-ro", path]
    return [argument for argument in _without_devices(result)]


def _in_dev(path: str) -> bool:
    return path.startswith("/dev/")


def _without_devices(options: Sequence[str]) -> list[str]:
    """bwrap's own /dev has the devices: binds of single ones are left out."""
    result: list[str] = []
    index = 0
    while index < len(options):
        width = 3 if options[index] in ("--bind", "--ro-bind", "--symlink") else 2
        if not (width == 3 and _in_dev(options[index + 2])):
            result += options[index : index + width]
        index += width
    return result


def _entries(directory: str, tree: Tree) -> list[str]:
    result: list[str] = []
    for name in sorted(tree.entries(directory)):
        path = f"{directory}/{name}"
        if tree.kind(path) == "link":
            result += ["--symlink", tree.target(path), path]
        else:
            result += ["--ro-bind-try", path, path]
    return result


class Bubblewrap(Starter):
    """One bwrap process for each step."""

    def __init__(self, base: Sequence[Operation], tree: Tree) -> None:
        self._base = base
        self._tree = tree
        self._program = shutil.which("bwrap")

    def works(self) -> bool:
        """Whether bwrap is installed and can make a world."""
        if self._program is None:
            return False
        options = arguments(self._base, [("proc", "/proc", "")], self._tree)
        done = subprocess.run(
            [self._program, *_FIXED, *options, "true"],
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
        """A world of its own for one step. bwrap itself cannot say why a program does not start, so we look first."""
        program = script if "/" in argv[0] else shutil.which(argv[0], path=env["PATH"])
        interpreter = tools.interpreter(script, "/") if "/" in argv[0] else ""
        if (
            program is None
            or not os.path.exists(program)
            or (interpreter and not os.path.exists(interpreter))
        ):  # noqa: PTH110
            raise Missing(errno.ENOENT)
        options = arguments(self._base, operations, self._tree)
        return HostProcess(
            subprocess.Popen(
                [self._program or "bwrap", *_FIXED, *options, "--chdir", command.cwd or "/", "--", *argv],
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
