"""The executor ``sandbox``: steps run in namespaces of their own, on this machine's programs (Linux).

The host's files are read-only and its users' private ones hidden; HOME, /tmp, /workspace and /tekton are the
attempt's own. Processes are a world's own too, so whatever a step leaves behind dies with it. The network is the
host's. A user without privileges is root inside, through a user namespace; ids to run as count only for real root.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.extensions.executor import (
    Account,
    Command,
    Executor,
    ExecutorError,
    Mount,
    Place,
    Process,
    Session,
)

from . import mount_plan, mount_points, shebang, tools
from .bubblewrap import Bubblewrap
from .closable import Closable
from .environment import IMAGE_PATH, environment, search_path
from .failures import preparing, start_failure
from .host_tree import HostTree, homes
from .images import Images
from .launcher_client import LauncherError
from .namespaces import Namespaces
from .places import PathMap, complete
from .starter import Missing, Starter

if TYPE_CHECKING:
    from holkas.model.fidelity import FidelityTable

LOG = logging.getLogger(__name__)


class SandboxSession(Session):
    """The directories of one attempt, and the worlds started in it."""

    def __init__(self, tree: HostTree, starter: Starter, place: Place, images: Images) -> None:
        self.closed = False
        self._tree = tree
        self._images = images
        self._starter = starter
        self._place = place
        self._processes: list[Closable] = []

    def path(self, inside: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The path itself."""
        return inside

    def rewrite(self, text: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The text itself."""
        return text

    def start(self, command: Command, *, stdout: int, stderr: int) -> Process:
        """Start a process in a world of its own. Raises ExecutorError."""
        if not command.argv:
            raise ExecutorError("there is nothing to start: the command is empty")
        with preparing(self._place):
            mounts = complete(self._place, command.mounts)
        shell = tools.shell(self._images.shell(command.image))
        if shell:
            mounts = (*mounts, Mount(source=Path(shell), target="/bin/sh", read_only=True))
        sources = [mount_points.source(mount, self._place.directory) for mount in mounts]
        operations = mount_plan.step(
            self._tree, mounts, sources, cwd=command.cwd or "/", root=os.geteuid() == 0
        )
        path = f"{search_path(mount_plan.HIDDEN)}:{mount_plan.TOOLS}"
        env = environment(command.env, {"HOME": "/root", "PATH": path})
        if os.geteuid() != 0 and (command.user or command.group):
            LOG.info("the step runs as uid 0 of its sandbox, not as %s: that needs root", command.user)
        paths = PathMap(mounts)
        if "\0" in "".join((*command.argv, *env, *env.values())):
            raise ExecutorError(f'cannot start "{command.argv[0]!r}": a text with a null byte')
        argv: tuple[str, ...] | None = command.argv
        while argv is not None:
            script = paths.host(argv[0])
            try:
                process = self._starter.start(
                    command, operations, argv, env, script, stdout=stdout, stderr=stderr
                )
            except Missing as error:
                # A script's interpreter and programs of /usr/local/bin may be elsewhere on this machine.
                argv = tools.elsewhere(argv, script, env["PATH"], "/")
                failure = start_failure(
                    error.number, command, shebang.interpreter(paths.host(command.argv[0]), "/")
                )
            else:
                self._processes.append(process)
                return process
        program = tools.of_the_user(command.argv[0])
        if not program:
            raise failure
        inside = f"{mount_plan.OWN_TOOLS}/{command.argv[0]}"
        mounts = (*command.mounts, Mount(source=Path(program), target=inside, read_only=True))
        found = replace(command, argv=(inside, *command.argv[1:]), mounts=mounts)
        return self.start(found, stdout=stdout, stderr=stderr)

    def close(self) -> None:
        """Kill every world that still runs."""
        self.closed = True
        for process in self._processes:
            process.terminate()
            process.close()
        self._processes.clear()


class SandboxExecutor(Executor):
    """Runs steps in worlds of their own: through a launcher process, or through bubblewrap where we may not."""

    name = "sandbox"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self._images = Images((options or {}).get("images", {}))
        self._lock = threading.Lock()
        self._starter: Starter | None = None
        self._sessions: list[SandboxSession] = []
        self._reason: str | None = None
        self._tree = HostTree()

    def check(self) -> str:
        """Makes the base of all worlds, which the first step needs anyway."""
        with self._lock:
            if self._reason is None:
                self._starter, self._reason = _first_that_works(self._tree)
            return self._reason

    def account(self, image: str, user: int | None, registries: Path | None = None) -> Account:
        """The user of the step, which counts where root runs holkas."""
        return Account(user=user)

    def fidelity(self) -> FidelityTable:
        """By type and field."""
        from holkas_builtin.executors.fidelity.on_this_machine import SANDBOX

        return SANDBOX

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """From the table of well-known images and the options."""
        return self._images.entrypoint(image)

    def open(self, place: Place) -> Session:
        """A session in the place's directories. Raises ExecutorError."""
        reason = self.check()
        if reason or self._starter is None:
            raise ExecutorError(f"the sandbox does not work here: {reason or 'it is closed'}")
        session = SandboxSession(self._tree, self._starter, place, self._images)
        with self._lock:
            self._sessions = [other for other in self._sessions if not other.closed]
            self._sessions.append(session)
        return session

    def close(self) -> None:
        """End every world."""
        with self._lock:
            starter, self._starter = self._starter, None
            sessions, self._sessions = self._sessions, []
        if starter is not None:
            # The launcher takes all worlds with it, so that closing them one by one costs nothing more.
            starter.close()
        for session in sessions:
            session.close()


def _first_that_works(tree: HostTree) -> tuple[Starter | None, str]:
    if sys.platform != "linux":
        return None, "it needs Linux"
    base = mount_plan.base(tree, homes(), tools.missing(IMAGE_PATH))
    try:
        return Namespaces(base), ""
    except LauncherError as error:
        reason = why_not(error)
    bubblewrap = Bubblewrap(base, tree)
    return (bubblewrap, "") if bubblewrap.works() else (None, reason)


SWITCHES = {
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "user.max_user_namespaces=15000"),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
"""Where a system switches user namespaces off for its users: path, that value, and what to set instead."""


def why_not(error: LauncherError) -> str:
    """What the administrator of this machine would have to change, as a sentence."""
    if os.geteuid() != 0 and error.number in (errno.EPERM, errno.EACCES, errno.ENOSPC):
        for path, (off, remedy) in SWITCHES.items():
            try:
                value = Path(path).read_text("ascii").strip()
            except OSError:
                continue
            if value == off:
                return f"unprivileged user namespaces are switched off (sysctl {remedy} switches them on)"
    return f"the kernel refuses its namespaces or mounts ({error})"
