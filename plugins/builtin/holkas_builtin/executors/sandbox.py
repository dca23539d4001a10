"""The executor ``sandbox``: steps run in namespaces of their own, on this machine's programs (Linux).

The host's files are read-only and its users' private ones hidden; HOME, /tmp, /workspace and /tekton are the
attempt's own. Processes are a world's own too, so whatever a step leaves behind dies with it. The network is the
host's. A user without privileges is root inside, through a user namespace; ids to run as count only for real root.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.extensions.executor import Command, Executor, ExecutorError, Mount, Place, Process, Session

from . import mount_plan, tools
from .environment import IMAGE_PATH, environment
from .failures import preparing, start_failure
from .host_tree import HostTree, homes
from .images import Images
from .launcher_client import Launcher, LauncherError, World
from .places import PathMap, complete

LOG = logging.getLogger(__name__)


class SandboxProcess(Process):
    """A world with its step as the second process."""

    def __init__(self, launcher: Launcher, world: World) -> None:
        self._launcher = launcher
        self._world = world
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Readable when every process of the world is gone."""
        return self._world.pipe

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code; None when ``timeout`` seconds passed first."""
        world = self._world
        if world.code is None and not world.ended(timeout):
            return None
        with self._lock:
            if world.code is None:
                words = world.line()
                # Without a word the launcher itself has ended, which kills every world.
                world.code = int(words[1]) if words else 128 + signal.SIGKILL
            return world.code

    def terminate(self, grace: float = 0.0) -> None:
        """SIGTERM to all processes of the world, ``grace`` seconds later SIGKILL."""
        if grace > 0 and self.wait(0) is None:
            self._launcher.signal(self._world, signal.SIGTERM)
            self.wait(grace)
        if self.wait(0) is None:
            self._launcher.signal(self._world, signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        """Give the descriptor back; the process must have ended."""
        with self._lock:
            if self._world.pipe >= 0:
                os.close(self._world.pipe)
                self._world.pipe = -1


class SandboxSession(Session):
    """The directories of one attempt, and the worlds started in it."""

    def __init__(self, tree: HostTree, launcher: Launcher, place: Place) -> None:
        self._tree = tree
        self._launcher = launcher
        self._place = place
        self._processes: list[SandboxProcess] = []

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
        sources = [self._source(mount) for mount in mounts]
        cwd = command.cwd or "/"
        operations = mount_plan.step(self._tree, mounts, sources, cwd=cwd, root=os.geteuid() == 0)
        env = environment(command.env, {"HOME": "/root", "PATH": f"{IMAGE_PATH}:{mount_plan.TOOLS}"})
        user, group = self._ids(command)
        argv = command.argv
        while True:
            try:
                world = self._launcher.start(
                    operations, argv, env, cwd, user=user, group=group, stdout=stdout, stderr=stderr
                )
                break
            except LauncherError as error:
                # A script's interpreter and programs of /usr/local/bin may be elsewhere on this machine.
                script = PathMap(mounts).host(argv[0])
                missing = error.stage == "exec" and error.number in tools.MISSING
                other = tools.elsewhere(argv, script, env["PATH"], "/") if missing else None
                if other is None:
                    raise _failure(error, command, script) from error
                argv = other
            except (ValueError, TypeError) as error:
                raise ExecutorError(f'cannot start "{command.argv[0]}": {error}') from error
        process = SandboxProcess(self._launcher, world)
        self._processes.append(process)
        return process

    def close(self) -> None:
        """Kill every world that still runs."""
        for process in self._processes:
            process.terminate()
            process.close()
        self._processes.clear()

    def _source(self, mount: Mount) -> str:
        """Where a mount's source really lies. Raises ExecutorError if that leads out of the attempt's directory."""
        real = os.path.realpath(mount.source)
        own = str(self._place.directory)
        if str(mount.source).startswith(own + os.sep):
            own = os.path.realpath(own)
            if not real.startswith(own + os.sep):
                raise ExecutorError(
                    f'"{mount.target}" cannot be mounted: a symbolic link leads out of its volume'
                )
        return real

    def _ids(self, command: Command) -> tuple[int | None, int | None]:
        if os.geteuid() == 0:
            return command.user, command.group
        if command.user or command.group:
            LOG.info("the step runs as uid 0 of its sandbox, not as %s: that needs root", command.user)
        return None, None


def _failure(error: LauncherError, command: Command, script: str) -> ExecutorError:
    if error.stage == "exec":
        return start_failure(error.number, command, tools.interpreter(script, "/"))
    if error.stage == "cwd":
        return ExecutorError(
            f'the working directory "{command.cwd}" cannot be entered: {os.strerror(error.number)}'
        )
    return ExecutorError(f"the sandbox could not be made: {error}")


class SandboxExecutor(Executor):
    """Runs steps in Linux namespaces, through one launcher process."""

    name = "sandbox"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self._images = Images((options or {}).get("images", {}))
        self._lock = threading.Lock()
        self._launcher: Launcher | None = None
        self._sessions: list[SandboxSession] = []
        self._reason: str | None = None
        self._tree = HostTree()

    def check(self) -> str:
        """Starts the launcher and makes the base of all worlds, which the first step needs anyway."""
        with self._lock:
            if self._reason is None:
                self._reason = self._start()
            return self._reason

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """From the table of well-known images and the options."""
        return self._images.entrypoint(image)

    def open(self, place: Place) -> Session:
        """A session in the place's directories. Raises ExecutorError."""
        reason = self.check()
        if reason or self._launcher is None:
            raise ExecutorError(f"the sandbox does not work here: {reason or 'it is closed'}")
        session = SandboxSession(self._tree, self._launcher, place)
        with self._lock:
            self._sessions.append(session)
        return session

    def close(self) -> None:
        """End every world and the launcher."""
        with self._lock:
            launcher, self._launcher = self._launcher, None
        if launcher is not None:
            launcher.close()

    def _start(self) -> str:
        if sys.platform != "linux":
            return "it needs Linux"
        launcher = Launcher()
        try:
            launcher.setup(mount_plan.base(self._tree, homes(), tools.missing(IMAGE_PATH)))
        except LauncherError as error:
            launcher.close()
            return why_not(error)
        self._launcher = launcher
        return ""


def why_not(error: LauncherError) -> str:
    """What the administrator of this machine would have to change, as a sentence."""
    switches = {
        "/proc/sys/kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
        "/proc/sys/user/max_user_namespaces": ("0", "user.max_user_namespaces=15000"),
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    }
    if os.geteuid() != 0 and error.number in (errno.EPERM, errno.EACCES, errno.ENOSPC):
        for path, (off, remedy) in switches.items():
            try:
                value = Path(path).read_text("ascii").strip()
            except OSError:
                continue
            if value == off:
                return f"unprivileged user namespaces are switched off (sysctl {remedy} switches them on)"
    return f"the kernel refuses its namespaces or mounts ({error})"
