"""What the sandbox's two ways of starting a step have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from holkas.extensions.executor import Command

from .closable import Closable
from .mount_plan import Operation


class Missing(Exception):
    """The program, or its interpreter, is not in the world. number: errno."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Starter(ABC):
    """Starts steps in worlds of their own. Safe for threads."""

    @abstractmethod
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
        """Start ``argv`` for a command. Raises Missing and ExecutorError.

        operations: the step's own part of the mount plan. script: where the program lies on the host.
        """

    @abstractmethod
    def close(self) -> None:
        """End every world."""
