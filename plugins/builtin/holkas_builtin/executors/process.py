"""The executor ``process``: steps run on the bare host, with no isolation at all.

Paths of the step's world are replaced by the host's, read-only mounts cannot be enforced, and the user is always
the one who runs holkas. What leaves its process group is found on Linux through its ancestors, or through HOME and
TMPDIR in its environment, which lie in the attempt's private directory; on macOS only the group is ended.
A subreaper was considered: it changes who gets the orphans of every other part of the program, so it is not used.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from holkas.extensions.executor import Command, Executor, ExecutorError, Mount, Place, Process, Session
from holkas.model.fidelity import FidelityTable

from . import mount_points, survivors, tools
from .environment import environment
from .failures import preparing, start_failure
from .host_process import HostProcess
from .images import Images
from .places import PathMap, complete
from .watchdog import Watchdog


class ProcessSession(Session):
    """The directories of one attempt, and the processes started in it."""

    def __init__(
        self, place: Place, images: Images, watchdog: Watchdog, links: str, leaders: set[int]
    ) -> None:
        """``leaders``: ids of the processes of all sessions."""
        self._watchdog = watchdog
        self._leaders = leaders
        self.closed = False
        self._place = place
        self._images = images
        self._mounts: tuple[Mount, ...] | None = None
        self._paths = PathMap(())
        self._tools = links
        self._processes: list[HostProcess] = []
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
        argv = tools.with_shell(argv, self._images.shell(command.image), cwd)
        process = HostProcess(_spawn(command, argv, env, cwd, stdout, stderr), self._watchdog.remove)
        self._watchdog.add(process.pid)
        self._leaders.add(process.pid)
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
            if process.wait(0) is None:
                process.terminate()
            process.close()
        first = self._processes[0].pid
        self._leaders.difference_update(process.pid for process in self._processes)
        self._processes.clear()
        # Whatever is killed may just have forked: look again until nothing is found.
        while found := survivors.marked(self._marks, newer_than=first, known=self._leaders):
            survivors.send(found, signal.SIGKILL)

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


def _spawn(
    command: Command, argv: Sequence[str], env: Mapping[str, str], cwd: str, stdout: int, stderr: int
) -> subprocess.Popen[bytes]:
    """Popen with the failure as a sentence; an interpreter that is elsewhere is looked up by its name."""
    try:
        return _popen_free(argv, env, cwd, stdout, stderr)
    except OSError as error:
        number = error.errno or 0
        other = tools.elsewhere(argv, argv[0], env["PATH"], cwd) if number in tools.MISSING else None
        if other is not None:
            return _spawn(command, other, env, cwd, stdout, stderr)
        raise start_failure(number, command, tools.interpreter(argv[0], cwd)) from error
    except ValueError as error:
        raise ExecutorError(f'cannot start "{command.argv[0]}": {error}') from error


def _popen_free(
    argv: Sequence[str], env: Mapping[str, str], cwd: str, stdout: int, stderr: int
) -> subprocess.Popen[bytes]:
    """Popen of a script that was written a moment ago.

    Another thread's child, between its fork and its exec, may still hold the descriptor that wrote the script; until
    then the kernel answers ETXTBSY (golang.org/issue/22315 describes the same race).
    """
    for delay in _BUSY_DELAYS:
        try:
            return _popen(argv, env, cwd, stdout, stderr)
        except OSError as error:
            if error.errno != errno.ETXTBSY:
                raise
        time.sleep(delay)
    return _popen(argv, env, cwd, stdout, stderr)


def _popen(
    argv: Sequence[str], env: Mapping[str, str], cwd: str, stdout: int, stderr: int
) -> subprocess.Popen[bytes]:
    # No preexec_fn, user or group: any of them would cost the vfork fast path.
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        cwd=cwd,
        env=env,
        start_new_session=True,
        umask=0o022,
    )


_BUSY_DELAYS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512)
"""Seconds between attempts to start a script whose file somebody still holds open for writing."""


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
        self._watchdog = Watchdog()
        self._leaders: set[int] = set()
        self._lock = threading.Lock()

    @cached_property
    def _links(self) -> str:
        """The directory that all attempts share: making it for each would cost as much as starting a process."""
        return tools.install(self._bin_directory) if self._bin_directory is not None else ""

    def check(self) -> str:
        """It works everywhere."""
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
            session = ProcessSession(place, self._images, self._watchdog, links, self._leaders)
        with self._lock:
            self._sessions = [other for other in self._sessions if not other.closed]
            self._sessions.append(session)
        return session

    def close(self) -> None:
        """Close every session."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()
        self._watchdog.close()
