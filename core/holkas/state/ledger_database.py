"""The database file of a ledger: one thread at a time, and what goes wrong with it becomes a sentence."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from holkas.state.errors import StateUnusable
from holkas.state.ledger_schema import prepare

T = TypeVar("T")

_BUSY = 30.0
"""Seconds that are waited for another process that writes."""


class LedgerDatabase:
    """A context manager: inside, the connection belongs to this thread, and sqlite3.Error becomes StateUnusable."""

    def __init__(self, path: Path) -> None:
        """Open the file and make its tables where they are missing. Raises StateUnusable, and StoreTooNew."""
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StateUnusable(
                f"the state directory {path.parent} cannot be made: {error.strerror}"
            ) from error
        try:
            self.connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=_BUSY
            )
            prepare(self.connection)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        return self.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> StateUnusable:
        return StateUnusable(f"the ledger {self.path} cannot be used: {error}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.connection.close()

    def write(self, work: Callable[[], T]) -> T:
        """What ``work`` writes is there completely or not at all; its answer. Raises StateUnusable, and its errors."""
        with self:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                done = work()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk has already ended it
                    self.connection.execute("ROLLBACK")
                raise
            return done
