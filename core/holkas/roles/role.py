"""What all six kinds of tool have in common."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar


class Role(ABC):
    """A tool of one kind. Made by a provider, used from several threads unless its role says otherwise, closed once.

    name: the provider's name, for messages.
    capabilities: flags of its role that this tool has; a method behind a missing flag raises Unsupported.
    """

    name: ClassVar[str] = ""
    capabilities: ClassVar[frozenset[str]] = frozenset()

    def close(self) -> None:
        """Give back connections and processes. Called once, also after a failure."""
