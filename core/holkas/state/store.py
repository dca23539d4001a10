"""The SQLite store: runs and their events. Every decision is an event before it is an act."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.errors import StateUnusable
from holkas.state.lock import OwnerLock, is_owned
from holkas.state.run_directory import RunDirectory, remove_tree
from holkas.state.run_summary import RunSummary
from holkas.state.schema import prepare

_SELECT = (
    "SELECT id, name, kind, source, project, executor, command, created, finished, status, reason, message "
    "FROM runs"
)
_INSERT_RUN = "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_INSERT_EVENT = "INSERT INTO events (run, time, kind, task, step, data) VALUES (?,?,?,?,?,?)"
_ANOTHER_EVENT = ",(?,?,?,?,?,?)"


class RunNotFound(Exception):
    """No run has this id or name."""

    exit_code = 2
    code = "S002"
    hint = "holkas runs list shows the runs that are kept"


class Store:
    """One store under one directory. Safe for threads and for several processes (WAL, one short lock a write).

    Commits survive kill -9 of the process (synchronous=NORMAL); those of a run's beginning and end a power loss too
    (FULL). Every method raises StateUnusable when the disk is full, the database damaged or not to be written.
    """

    def __init__(self, root: Path) -> None:
        """Open the store and make it where it is missing. Raises StateUnusable, and StoreTooNew."""
        self.root = root
        self._lock = threading.RLock()
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StateUnusable(f"the state directory {root} cannot be made: {error.strerror}") from error
        with self._unlocked():
            self._connection = sqlite3.connect(
                root / "holkas.db", isolation_level=None, check_same_thread=False, timeout=30.0
            )
            prepare(self._connection)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    @property
    def cache(self) -> Path:
        """Where outcomes of tasks are kept for later runs; may not exist yet."""
        return self.root / "cache"

    def directory(self, run_id: str) -> RunDirectory:
        """The directory of a run, which may not exist yet."""
        return RunDirectory(self.root / "runs" / run_id)

    # -- writing -----------------------------------------------------------------------------------------------

    def add_run(self, summary: RunSummary) -> None:
        """Record a run that begins; survives a power loss."""
        with self._durable():
            self._connection.execute(
                _INSERT_RUN,
                (
                    summary.id, summary.name, summary.kind, summary.source, summary.project, summary.executor,
                    json.dumps(summary.command), summary.created, summary.finished, summary.status, summary.reason,
                    summary.message,
                ),
            )  # fmt: skip

    def add_event(self, *events: RunEvent) -> None:
        """Record events, if there are any, in one commit; it is done when this returns."""
        if events:
            with self._access():
                self._insert(*events)

    def finish_run(self, event: RunEvent, *, status: str, reason: str, message: str) -> None:
        """Record the end of a run together with its last event; survives a power loss."""
        with self._durable():
            self._insert(event)
            self._connection.execute(
                "UPDATE runs SET status = ?, reason = ?, message = ?, finished = ? WHERE id = ?",
                (status, reason, message, event.time, event.run),
            )

    def remove_run(self, run_id: str) -> bool:
        """Forget a run that has ended or was interrupted; False, and nothing done, while its process lives.

        First its directory, then its rows: what is left by a crash between the two is still listed.
        """
        directory = self.directory(run_id)
        lock = OwnerLock(directory.lock)
        if directory.path.exists() and not lock.take():
            return False
        try:
            directory.remove_work()
            remove_tree(directory.path)
            with self._transaction():
                self._connection.execute("DELETE FROM events WHERE run = ?", (run_id,))
                self._connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        finally:
            lock.release()
        return True

    def _insert(self, *events: RunEvent) -> None:
        values: list[Any] = []
        for event in events:
            values += (
                event.run,
                event.time,
                event.kind.value,
                event.task,
                event.step,
                json.dumps(event.data),
            )
        self._connection.execute(_INSERT_EVENT + _ANOTHER_EVENT * (len(events) - 1), values)

    @contextmanager
    def _access(self) -> Iterator[None]:
        """Alone with the database; what goes wrong with it becomes a sentence."""
        with self._lock, self._unlocked():
            yield

    @contextmanager
    def _unlocked(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StateUnusable(
                f"the state store {self.root / 'holkas.db'} cannot be used: {error}"
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._access():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already ended it
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _durable(self) -> Iterator[None]:
        with self._access():
            self._connection.execute("PRAGMA synchronous = FULL")
            try:
                with self._transaction():
                    yield
            finally:
                self._connection.execute("PRAGMA synchronous = NORMAL")

    # -- reading -----------------------------------------------------------------------------------------------

    def runs(self, *, limit: int | None = None, project: str | None = None) -> list[RunSummary]:
        """Runs, the newest first."""
        where = "" if project is None else " WHERE project = ?"
        values: tuple[Any, ...] = () if project is None else (project,)
        return self._summaries(
            f"{_SELECT}{where} ORDER BY created DESC, id DESC LIMIT ?",
            *values,
            -1 if limit is None else limit,
        )

    def run(self, wanted: str) -> RunSummary:
        """The run with this id, or the newest with this name; ``latest`` is the newest of all. Raises RunNotFound."""
        if wanted == "latest":
            found = self.runs(limit=1)
        else:
            found = self._summaries(
                f"{_SELECT} WHERE id = ? OR name = ? ORDER BY id = ? DESC, created DESC, id DESC LIMIT 1",
                *(wanted, wanted, wanted),
            )
        if not found:
            raise RunNotFound(
                "there are no runs yet" if wanted == "latest" else f"no run is called {wanted!r}"
            )
        return found[0]

    def events(self, run_id: str, *, after: int = 0, kept: bool = False) -> Iterator[tuple[int, RunEvent]]:
        """Events of a run with their sequence numbers, from the one behind ``after`` on.

        kept: with what was stored for a process that goes on with the run.
        """
        with self._access():
            rows = self._connection.execute(
                "SELECT seq, time, kind, task, step, data FROM events WHERE run = ? AND seq > ? ORDER BY seq",
                (run_id, after),
            ).fetchall()
        for seq, moment, kind, task, step, text in rows:
            data = _mapping(text)
            if not kept:
                data.pop("kept", None)
            yield (
                seq,
                RunEvent(
                    time=moment,
                    kind=RunEventKind(kind),
                    run=run_id,
                    task=task,
                    step=step,
                    data=data,
                ),
            )

    def _summaries(self, query: str, *values: Any) -> list[RunSummary]:
        with self._access():
            rows = self._connection.execute(query, values).fetchall()
        return [self._summary(*row) for row in rows]

    def _summary(
        self,
        run_id: str,
        name: str,
        kind: str,
        source: str,
        project: str,
        executor: str,
        command: str,
        created: float,
        finished: float | None,
        status: str,
        reason: str,
        message: str,
    ) -> RunSummary:
        return RunSummary(
            id=run_id,
            name=name,
            kind=kind,
            source=source,
            project=project,
            executor=executor,
            command=tuple(json.loads(command)),
            created=created,
            finished=finished,
            status=status,
            reason=reason,
            message=message,
            alive=status == "Unknown" and is_owned(self.directory(run_id).lock),
        )


def _mapping(text: str) -> dict[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
