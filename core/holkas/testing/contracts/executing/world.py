"""Executors: a world for the attempts of the contract, and what runs in it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.extensions.executor import Command, Executor, Mount, Place, Process, Session

Outcome = tuple[int | None, str]
Shell = Callable[..., Outcome]


class ExecutorWorld:
    """Gives the tests an executor, an attempt's place, its session and a shell in it."""

    isolated: ClassVar[bool] = True
    sees_processes: ClassVar[bool] = True
    patience: ClassVar[float] = 30.0

    @pytest.fixture
    def executor(self) -> Any:
        """The executor under test; closed by the contract."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'executor'")

    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        """An attempt's private directory with nothing in it."""
        directory = tmp_path / "attempt"
        for name in ("tekton", "workspace", "home", "tmp"):
            (directory / name).mkdir(parents=True)
        return Place(
            directory=directory,
            mounts=(
                Mount(source=directory / "tekton", target="/tekton"),
                Mount(source=directory / "workspace", target="/workspace"),
                Mount(source=directory / "home", target="/root"),
                Mount(source=directory / "tmp", target="/tmp"),  # noqa: S108 - inside
            ),
        )

    @pytest.fixture
    def session(self, executor: Executor, place: Place) -> Iterator[Session]:
        """The world of one attempt; the executor is closed after it."""
        session = executor.open(place)
        yield session
        session.close()
        executor.close()

    @pytest.fixture
    def shell(self, session: Session) -> Shell:
        """Runs a script of ``sh`` to its end: exit code, and both outputs as one text."""

        def shell(script: str, *arguments: str, **rest: Any) -> Outcome:
            mounts = rest.get("mounts", ())
            argv = ("/bin/sh", "-c", session.rewrite(script, mounts), "sh", *arguments)
            return self.run(session, Command(argv=argv, **rest))

        return shell

    def run(self, session: Session, command: Command) -> Outcome:
        """Start a command and read its output to the end."""
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb") as file:
            try:
                process = session.start(command, stdout=writer, stderr=writer)
            finally:
                os.close(writer)
            output = file.read()
        return process.wait(self.patience), output.decode()

    def background(self, session: Session, script: str, **rest: Any) -> Process:
        """Start a script whose output nobody reads."""
        with open(os.devnull, "wb") as sink:  # noqa: PTH123 - a descriptor is wanted
            argv = ("/bin/sh", "-c", session.rewrite(script))
            return session.start(Command(argv=argv, **rest), stdout=sink.fileno(), stderr=sink.fileno())

    def running(self, token: str) -> list[int]:
        """Processes of this machine whose command line holds a text."""
        if not self.sees_processes or not Path("/proc/self/cmdline").exists():
            pytest.skip("this machine's /proc does not list the processes of steps")
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and token.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for something, at most for ``patience``."""
        deadline = time.monotonic() + self.patience
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)
