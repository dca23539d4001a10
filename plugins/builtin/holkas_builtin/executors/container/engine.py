"""The command line of a container engine: where it is, what it is, and one call of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from holkas.extensions.executor import ExecutorError

CALL = 60.0
"""Seconds for a call that does nothing big."""

PULL = 1800.0
"""Seconds for fetching an image."""

_INITS = (
    "/usr/libexec/podman/catatonit",
    "/usr/local/libexec/podman/catatonit",
    "/usr/lib/podman/catatonit",
    "/usr/bin/catatonit",
    "/usr/bin/tini-static",
)
"""Where a first process for containers lies: programs that are linked statically, as they run in any image."""

_SHORT = 1_048_576
"""What podman asks for as the number of open files; where this process may not have as many, it is refused."""


class EngineError(ExecutorError):
    """The engine refused; the text is its own last sentence."""


class Engine:
    """One of the programs. Safe for threads.

    It is told nothing secret by its arguments, which every user of the machine can read.
    """

    def __init__(self, name: str, program: str) -> None:
        self.name = name
        self.program = program

    @property
    def is_local(self) -> bool:
        """Whether it is podman on this very machine: then descriptors are passed on, and process ids mean something."""
        return (
            self.name == "podman"
            and sys.platform == "linux"
            and not {"CONTAINER_HOST", "CONTAINER_CONNECTION"} & os.environ.keys()
        )

    @property
    def is_rootless(self) -> bool:
        """Whether podman runs without privileges; with docker the daemon has them."""
        return self.name == "podman" and os.geteuid() != 0

    @cached_property
    def init(self) -> tuple[str, ...]:
        """Arguments that put a first process before the step's, which may then be ended by signals as anywhere."""
        if self.name == "docker":
            return ("--init",)
        found = next((path for path in _INITS if os.access(path, os.X_OK)), "") if self.is_local else ""
        return ("--init", f"--init-path={found}") if found else ()

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """Limits of this process for containers, where the engine's own are more than it may give."""
        if not self.is_local:
            return ()
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard in (resource.RLIM_INFINITY,) or hard >= _SHORT:
            return ()
        limits = [f"--ulimit=nofile={soft}:{hard}"]
        processes = [resource.getrlimit(resource.RLIMIT_NPROC)[1], _most_processes()]
        least = min((number for number in processes if number > 0), default=0)
        if least:
            limits.append(f"--ulimit=nproc={least}:{least}")
        return tuple(limits)

    @property
    def removal(self) -> tuple[str, ...]:
        """The words that kill and remove the containers whose names follow."""
        return ("rm", "--force", "--ignore", "--time=0") if self.name == "podman" else ("rm", "--force")

    def remove(self, names: Sequence[str]) -> None:
        """Kill and remove containers. Raises EngineError.

        A second time if need be: one whose network another shares can only go after that one.
        """
        try:
            self.call(*self.removal, *names)
        except EngineError:
            self.call(*self.removal, *names)

    def argv(self, *arguments: str) -> list[str]:
        """A call's words."""
        quiet = ["--log-level=error"] if self.name == "podman" else []
        return [self.program, *quiet, *arguments]

    def call(self, *arguments: str, timeout: float = CALL, environ: Mapping[str, str] | None = None) -> str:
        """What a call prints. Raises EngineError with what it says where it fails or takes longer than ``timeout``."""
        code, out, err = self.answer(*arguments, timeout=timeout, environ=environ)
        if code:
            raise EngineError(sentence(err) or f"{self.name} {arguments[0]} ended with {code}")
        return out

    def answer(
        self, *arguments: str, timeout: float = CALL, environ: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit code and both outputs of a call. Raises EngineError where it cannot be made or takes too long."""
        try:
            done = subprocess.run(
                self.argv(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                env=environ,
                cwd="/",
                start_new_session=timeout <= CALL,  # a Ctrl-C ends what may take long
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"{self.name} {arguments[0]} took longer than {timeout:.0f} s") from error
        except (OSError, ValueError) as error:
            raise EngineError(f"{self.name} cannot be called: {error}") from error
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def head(self, *arguments: str, size: int) -> tuple[bytes, str]:
        """The first bytes of what a call prints, and what it says on its error output; the call is then ended."""
        with subprocess.Popen(
            self.argv(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        ) as process:
            assert process.stdout is not None, "a pipe was asked for"
            assert process.stderr is not None, "a pipe was asked for"
            found = process.stdout.read(size)
            if len(found) == size:
                process.kill()
                return found, ""
            return found, process.stderr.read(65536).decode("utf-8", "replace")


def _most_processes() -> int:
    """How many processes this machine can have, to which podman lowers its own limit; -1 where it does not say."""
    try:
        return int(Path("/proc/sys/kernel/pid_max").read_text("ascii"))
    except (OSError, ValueError):
        return -1


def sentence(text: str) -> str:
    """The last thing an engine says on its error output, without its own decoration."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    errors = [line for line in lines if line.lower().startswith(("error", "docker:"))]
    last = (errors or lines)[-1]
    for prefix in ("Error response from daemon: ", "Error: ", "docker: ", "Error response from daemon: "):
        last = last.removeprefix(prefix)
    return last


def installed(names: Sequence[str]) -> list[Engine]:
    """Engines whose programs are in PATH."""
    return [Engine(name, str(Path(path))) for name in names if (path := shutil.which(name))]
