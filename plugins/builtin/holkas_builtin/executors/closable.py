"""A process whose descriptor is given back."""

from __future__ import annotations

from abc import abstractmethod

from holkas.extensions.executor import Process


class Closable(Process):
    """A process whose descriptor is given back."""

    @abstractmethod
    def close(self) -> None:
        """Give the descriptor back; the process must have ended."""
