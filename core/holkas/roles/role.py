"""What all six kinds of tool have in common."""

from __future__ import annotations

from abc import ABC
from types import TracebackType
from typing import ClassVar, Self

from holkas.roles.errors import Unsupported


class Role(ABC):  # noqa: B024 - what is abstract is each role's own
    """A tool of one kind. Made by a provider, used from several threads unless its role says otherwise,
    closed once.

    name: the provider's name, for messages.
    capabilities: flags of its role that this tool has; a method behind a missing flag raises Unsupported.
    known_capabilities: all flags of the role.
    """

    name: ClassVar[str] = ""
    capabilities: ClassVar[frozenset[str]] = frozenset()
    known_capabilities: ClassVar[frozenset[str]] = frozenset()

    def fault(self) -> str:
        """Why it cannot work now (server not reachable, program missing), in one sentence; empty when it can.

        For ``holkas doctor``; changes nothing and ends within some seconds.
        """
        return ""

    def close(self) -> None:
        """Give back connections and processes. Called once, also after a failure."""
        return

    def unsupported(self, capability: str) -> Unsupported:
        """The error for a method behind a flag that this tool has not got."""
        tool = self.name or type(self).__name__
        return Unsupported(f"{tool} cannot do this: it has no capability {capability!r}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
