"""An executor that starts nothing: each step ends at once, as the test says."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ClassVar

from holkas.extensions.executor import Command, Executor, Mount, Place, Process, Session


class FakeProcess(Process):
    """It has ended already."""

    def __init__(self, exit_code: int) -> None:
        self._exit_code = exit_code

    def fileno(self) -> int:
        return -1

    def wait(self, timeout: float | None = None) -> int | None:
        return self._exit_code

    def terminate(self, grace: float = 0.0) -> None:
        return


class FakeSession(Session):
    """Paths stay as they are."""

    def __init__(self, executor: FakeExecutor) -> None:
        self._executor = executor

    def path(self, inside: str, mounts: tuple[Mount, ...] = ()) -> str:
        return inside

    def rewrite(self, text: str, mounts: tuple[Mount, ...] = ()) -> str:
        return text

    def start(self, command: Command, *, stdout: int, stderr: int) -> Process:
        self._executor.commands.append(command)
        exit_code, output = self._executor.outcome(command)
        os.write(stdout, output.encode())
        return FakeProcess(exit_code)

    def close(self) -> None:
        return


class FakeExecutor(Executor):
    """``outcome`` gives each command's exit code and output; ``commands`` are those that were started."""

    name: ClassVar[str] = "fake"

    def __init__(self, outcome: Callable[[Command], tuple[int, str]] = lambda command: (0, "")) -> None:
        self.outcome = outcome
        self.commands: list[Command] = []

    def check(self) -> str:
        return ""

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        return None

    def open(self, place: Place) -> Session:
        return FakeSession(self)

    def close(self) -> None:
        return
