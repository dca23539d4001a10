"""The containers of one attempt of a task: its volumes are theirs, and so is its network."""

from __future__ import annotations

import logging
import re
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from holkas.extensions.executor import Command, ExecutorError, Mount, Place, Process, Session

from holkas_builtin.executors.environment import IMAGE_PATH
from holkas_builtin.executors.failures import preparing
from holkas_builtin.executors.host_process import HostProcess
from holkas_builtin.executors.places import WITH_IMAGES, complete

from . import failures, mounts, privileges, variables
from .container_process import ContainerProcess
from .engine import EngineError
from .image import Image
from .machinery import Machinery

LOG = logging.getLogger(__name__)

_LOOK = 0.003
"""Seconds between two looks whether a container has started."""

_ASK = 0.05
"""The same where only the engine can say it."""

_TRIES = 3

_LONGEST = 120.0
"""Seconds in which an engine must have started a container."""

_GONE = re.compile(
    r"not running|is stopped|has exited|network namespace|container state|no such container", re.I
)
"""What engines say when the container whose network another is to join has ended meanwhile."""


class ContainerSession(Session):
    """Each command is a container of its own; one that starts while another runs shares that one's network."""

    def __init__(self, machinery: Machinery, place: Place) -> None:
        self.closed = False
        self._machinery = machinery
        self._place = place
        self._processes: list[ContainerProcess] = []
        self._foreign: dict[str, None] = {}
        self._lender: ContainerProcess | None = None
        self._gone: set[str] = set()

    def path(self, inside: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The path itself."""
        return inside

    def rewrite(self, text: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The text itself."""
        return text

    def start(self, command: Command, *, stdout: int, stderr: int) -> Process:
        """Run a container; returns when it has started. Raises ExecutorError."""
        if not command.by_image and (not command.argv or not command.argv[0]):
            raise ExecutorError("there is nothing to start: the command is empty")
        if "\0" in "".join(command.argv):
            raise ExecutorError(f'cannot start "{command.argv[0]!r}": a text with a null byte')
        with preparing(self._place):
            seen = complete(self._place, command.mounts, WITH_IMAGES)
            image = self._machinery.images.image(command.image, command.registries)
            interpreter = "" if command.by_image else failures.refuse_script(command, seen)
            for attempt in range(_TRIES):
                name = self._machinery.new_name()
                process, why = self._run(
                    command, seen, image, name, interpreter, stdout=stdout, stderr=stderr
                )
                if process is not None:
                    self._processes.append(process)
                    return process
                self._machinery.rubbish(name)
                if attempt + 1 == _TRIES:
                    break
                if "workdir" in why.lower() and command.cwd:
                    seen = (*seen, self._made_directory(command.cwd))
                elif not self._lender_has_gone(why) and not self._machinery.networks.refused(why):
                    break
        raise failures.started_not(command, why)

    def start_beside(self, process: Process, command: Command, *, stdout: int, stderr: int) -> Process:
        """Run a program inside a container that runs."""
        if not isinstance(process, ContainerProcess):
            return self.start(command, stdout=stdout, stderr=stderr)
        machinery = self._machinery
        words = machinery.engine.argv("exec", process.name, *command.argv)
        return HostProcess(_popen(words, stdout, stderr))

    def close(self) -> None:
        """Kill every container that still runs; all are removed later, many at a time."""
        self.closed = True
        running = [process for process in self._processes if process.wait_quietly() is None]
        for process in running:
            process.forget()
        if running:
            self._machinery.remove_now([process.name for process in running])
        for process in self._processes:
            process.terminate()
            process.close()
        self._machinery.rubbish(*(process.name for process in self._processes if process not in running))
        self._processes.clear()
        self._take_back()

    def _lends(self, other: ContainerProcess) -> bool:
        return other.name not in self._gone and other.wait_quietly() is None

    def _lender_has_gone(self, why: str) -> bool:
        """Whether a start failed since the container whose network it wanted ended at that moment."""
        lender = self._lender
        if lender is None or (lender.wait_quietly() is None and not _GONE.search(why)):
            return False
        self._gone.add(lender.name)
        return True

    def _take_back(self) -> None:
        """Files that other users of rootless containers made belong to sub-ids, and only podman can hand them over."""
        foreign, self._foreign = list(self._foreign), {}
        if not foreign:
            return
        try:
            self._machinery.engine.call("unshare", "chown", "-R", "0:0", "--", *foreign)
        except EngineError as error:
            LOG.warning("files of other users of containers stay theirs: %s", error)

    def _run(
        self,
        command: Command,
        seen: tuple[Mount, ...],
        image: Image,
        name: str,
        interpreter: str,
        *,
        stdout: int,
        stderr: int,
    ) -> tuple[ContainerProcess | None, str]:
        """The process, or why the engine did not start it."""
        machinery, engine = self._machinery, self._machinery.engine
        private = machinery.owner.private
        passed = variables.passed(command.env, private / f"{name}.env")
        if engine.is_rootless and (command.user or image.user.partition(":")[0] not in ("", "0", "root")):
            own = [str(mount.source) for mount in seen if not mount.read_only]
            self._foreign.update(dict.fromkeys(own))
        lender = self._lender = next((other for other in self._processes if self._lends(other)), None)
        network = machinery.networks.option(lender.name if lender is not None else "")
        options = [
            *machinery.owner.labels,
            "--pull=never",
            "--security-opt=label=disable",
            *([network] if network else []),
            *engine.init,
            *engine.limits,
            *privileges.limits(command.resources),
            *privileges.security(command, image.user, allowed=machinery.options.privileged),
            *passed.options,
            *mounts.options(seen, self._place.directory),
        ]
        if engine.name == "podman":
            options += ["--http-proxy=false", "--no-healthcheck"]
        if command.cwd:
            options.append(f"--workdir={command.cwd}")
        if not command.by_image:
            options.append(f"--entrypoint={command.argv[0]}")
        words = [image.id, *(command.argv if command.by_image else command.argv[1:])]
        file = private / f"{name}.pid"
        how = ["--log-driver=passthrough", f"--pidfile={file}"] if engine.is_local else []
        argv = engine.argv("run", f"--name={name}", *how, *options, *words)
        # conmon may leave a file "oom" where it was started.
        client = HostProcess(_popen(argv, stdout, stderr, passed.environ, cwd=str(private)))
        if not (_has_file(client, file) if engine.is_local else self._is_up(client, name)):
            client.wait()
            client.close()
            return None, self._why(name, options, words, passed.environ)
        (private / f"{name}.env").unlink(missing_ok=True)
        judge = partial(self._judge, command, image, name, interpreter)
        process = ContainerProcess(
            engine,
            name,
            client,
            image=image.digest,
            is_limited="memory" in (command.resources.get("limits") or {}),
            address=partial(self._address, lender.name if lender is not None else name),
            judge=judge,
        )
        return process, ""

    def _is_up(self, client: HostProcess, name: str) -> bool:
        """Whether it has started; asked of the engine until it has, or its client has ended."""
        deadline = time.monotonic() + _LONGEST
        while True:
            ended = client.wait(_ASK) is not None
            if not ended and time.monotonic() > deadline:
                client.terminate()
            try:
                said = self._machinery.engine.call("inspect", "--format={{.State.StartedAt}}", name)
            except EngineError:
                said = ""
            if said and not said.startswith("0001-"):
                return True
            if ended:
                return False

    def _why(self, name: str, options: list[str], words: list[str], environ: Mapping[str, str]) -> str:
        """The engine's words for what it refused, which went to the step's output the first time."""
        engine = self._machinery.engine
        again = self._machinery.new_name()
        try:
            if engine.name == "docker" and (said := self._said(name)):
                return said
            engine.call("create", f"--name={again}", *options, *words, environ=environ)
            if engine.name == "podman":
                engine.call("init", again)
        except EngineError as error:
            return str(error)
        finally:
            self._machinery.rubbish(again)
        return "the engine could not start it; its own words are in the step's log"

    def _said(self, name: str) -> str:
        try:
            return self._machinery.engine.call("inspect", "--format={{.State.Error}}", name).strip()
        except EngineError:
            return ""

    def _judge(
        self, command: Command, image: Image, name: str, interpreter: str, code: int
    ) -> ExecutorError | None:
        """First processes and the kernel tell a missing program by an exit code that the program itself may give."""
        if code not in failures.SUSPICIOUS or command.by_image:
            return None
        program = interpreter or command.argv[0]
        path = command.env.get("PATH") or image.path or IMAGE_PATH
        if not self._machinery.is_doubted(image.id, program, path):
            return None
        why = failures.lacks(self._machinery.engine, name, program, path)
        if not why:
            self._machinery.trust(image.id, program, path)
            return None
        if interpreter:
            why = f'its interpreter "{interpreter}" is not in the image'
        return failures.cannot(command, why)

    def _address(self, name: str) -> str:
        """The address of a container, or of the one whose network it shares."""
        if self._machinery.networks.mode != "task":
            return "127.0.0.1"
        form = "{{.NetworkSettings.IPAddress}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
        try:
            found = self._machinery.engine.call("inspect", f"--format={form}", name).split()
        except EngineError:
            found = []
        return found[0] if found else "127.0.0.1"

    def _made_directory(self, cwd: str) -> Mount:
        """An empty directory for a working directory that the image lacks: runtimes of clusters make it, too."""
        made = self._place.directory / "elsewhere" / str(len(self._processes))
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(0o777)
        return Mount(source=made, target=cwd)


def _has_file(client: HostProcess, file: Path) -> bool:
    """Whether the container has started: podman then writes its process id. Waits until it has or has not."""
    deadline = time.monotonic() + _LONGEST
    while client.wait(_LOOK) is None:
        if _filled(file):
            return True
        if time.monotonic() > deadline:
            client.terminate()
    return _filled(file)


def _filled(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def _popen(
    argv: list[str],
    stdout: int,
    stderr: int,
    environ: Mapping[str, str] | None = None,
    *,
    cwd: str = "/",
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=environ,
            cwd=cwd,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ExecutorError(f"the engine cannot be called: {error}") from error
