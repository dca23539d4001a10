"""Notifiers: tell people something, by e-mail, in a chat, in a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from holkas.model.notice import Notice


class Notifier(ABC):
    """One channel. Safe for threads; keeps no connection between calls unless ``close`` ends it.

    The core decides who is told what and sends each notice once; a notifier only carries it. Errors are
    those of :mod:`holkas.roles.errors`: Retryable is tried again later, any other ToolError is told in the
    run's log.
    """

    name: ClassVar[str]

    @abstractmethod
    def notify(self, notice: Notice) -> None:
        """Hand a notice over to the channel; it is accepted when this returns. Raises ToolError.

        The same ``notice.id`` may come again after a crash: a channel that can show it once does.
        """

    def close(self) -> None:
        """Give back connections. Called once."""
        return
