"""The executor ``process``: steps run on the bare host, with no isolation at all.

Paths of the step's world are replaced by the host's, read-only mounts cannot be enforced, and the user is always
the one who runs holkas. What leaves its process group is found on Linux through its ancestors, or through HOME and
TMPDIR in its environment, which lie in the attempt's private directory; on macOS only the group is ended.
Steps are started by a launcher, a process of its own: whoever starts a program waits until it runs, and the runner has
better things to do.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.extensions.executor import Command, Executor, ExecutorError, Mount, Place, Process, Session

from . import mount_points, tools
from .environment import environment
from .failures import preparing
from .group_process import GroupProcess
from .images import Images
from .launcher_client import Launcher, LauncherError
from .places import PathMap, complete

if TYPE_CHECKING:
    from holkas.model.fidelity import FidelityTable


class ProcessSession(Session):
    """The directories of one attempt, and the processes started in it."""

    def __init__(self, place: Place, images: Images, launcher: Launcher, links: str) -> None:
        self._launcher = launcher
        self.closed = False
        self._place = place
        self._images = images
        self._mounts: tuple[Mount, ...] | None = None
        self._paths = PathMap(())
        self._tools = links
        self._processes: list[GroupProcess] = []
        self._marks: set[bytes] = set()

    def path(self, inside: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The host's path; ``mounts``: the step's own, beside the place's."""
        return self._map(mounts).host(inside)

    def rewrite(self, text: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The text with the host's paths; ``mounts``: the step's own, beside the place's."""
        return self._map(mounts).rewrite(text)

    def start(self, command: Command, *, stdout: int, stderr: int) -> Process:
        """Start a process. Raises ExecutorError."""
        if not command.argv:
            raise ExecutorError("there is nothing to start: the command is empty")
        with preparing(self._place):
            paths = self._map(command.mounts)
            cwd = self._working_directory(paths, command.cwd)
        argv = [paths.rewrite(argument) for argument in command.argv]
        path = os.environ.get("PATH", os.defpath)
        defaults = {
            "HOME": paths.host("/root"),
            "TMPDIR": paths.host("/tmp"),  # noqa: S108 - mapped into the place
            "PATH": f"{path}{os.pathsep}{self._tools}" if self._tools else path,
        }
        env = environment({name: paths.rewrite(value) for name, value in command.env.items()}, defaults)
        try:
            launched = self._launcher.launch(
                argv=argv,
                env=env,
                cwd=cwd,
                shell=tools.called_shell(self._images.shell(command.image)),
                stdout=stdout,
                stderr=stderr,
            )
        except LauncherError as error:
            raise ExecutorError(f'cannot start "{command.argv[0]}": {error}') from error
        process = GroupProcess(self._launcher, launched, command)
        directory = str(self._place.directory)
        self._marks.update(
            os.fsencode(f"{name}={env[name]}")
            for name in ("HOME", "TMPDIR")
            if env[name].startswith(directory)
        )
        self._processes.append(process)
        return process

    def close(self) -> None:
        """Kill what still runs, daemons that left their group included."""
        self.closed = True
        if not self._processes:
            return
        for process in self._processes:
            process.terminate()
            process.close()
        first = next((process.pid for process in self._processes if process.pid), 0)
        strangers = any(process.left_strangers for process in self._processes)
        self._processes.clear()
        if not strangers:
            return
        from . import survivors

        # Whatever is killed may just have forked: look again until nothing is found.
        while survivors.send(survivors.marked(self._marks, newer_than=first), signal.SIGKILL):
            pass

    def _map(self, mounts: tuple[Mount, ...]) -> PathMap:
        """The map for a step's own mounts; the last one is kept, as most calls are about the same step."""
        if mounts != self._mounts:
            for mount in mounts:
                mount_points.checked(mount.target)
                mount_points.source(mount, self._place.directory)
            self._paths = PathMap(complete(self._place, mounts))
            self._mounts = mounts
        return self._paths

    def _working_directory(self, paths: PathMap, inside: str) -> str:
        """The directory on the host, created if it is missing as container engines do; never outside the place."""
        cwd = paths.host(inside or "/workspace")
        if os.path.isdir(cwd):  # noqa: PTH112 - for every step
            return cwd
        own = self._place.directory
        missing = Path(cwd) if Path(cwd).is_relative_to(own) else own / "elsewhere" / cwd.lstrip("/")
        missing.mkdir(parents=True, exist_ok=True)
        return str(missing)


class ProcessExecutor(Executor):
    """Runs steps as plain processes of the user.

    bin_directory: keeps links for programs that this machine lacks; without one every attempt has its own.
    """

    name = "process"
    is_prompt = True

    def __init__(self, options: Mapping[str, Any] | None = None, bin_directory: Path | None = None) -> None:
        self._bin_directory = bin_directory
        self._images = Images((options or {}).get("images", {}))
        self._sessions: list[ProcessSession] = []
        self._launcher: Launcher | None = None
        self._lock = threading.Lock()

    @cached_property
    def _links(self) -> str:
        """The directory that all attempts share: making it for each would cost as much as starting a process."""
        return tools.install(self._bin_directory) if self._bin_directory is not None else ""

    def check(self) -> str:
        """It works everywhere. Starts the launcher, so that it is ready when the first step is."""
        try:
            self._launch()
        except ExecutorError as error:
            return str(error)
        return ""

    def fidelity(self) -> FidelityTable:
        """By type and field."""
        from holkas_builtin.executors.fidelity.on_this_machine import PROCESS

        return PROCESS

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """From the table of well-known images and the options."""
        return self._images.entrypoint(image)

    def open(self, place: Place) -> Session:
        """A session in the place's directories."""
        with preparing(place):
            links = tools.install(place.directory / "bin") if self._bin_directory is None else self._links
            session = ProcessSession(place, self._images, self._launch(), links)
        with self._lock:
            self._sessions = [other for other in self._sessions if not other.closed]
            self._sessions.append(session)
        return session

    def close(self) -> None:
        """Close every session."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            launcher, self._launcher = self._launcher, None
        for session in sessions:
            session.close()
        if launcher is not None:
            launcher.close()

    def _launch(self) -> Launcher:
        """The launcher of all sessions."""
        with self._lock:
            if self._launcher is None:
                try:
                    self._launcher = Launcher("groups")
                except OSError as error:
                    raise ExecutorError(f"the program that starts steps does not start: {error}") from error
            return self._launcher
