"""The SQLite store: runs and their events. Every decision is an event before it is an act."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.lock import is_owned
from holkas.state.run_directory import RunDirectory
from holkas.state.run_summary import RunSummary
from holkas.state.schema import prepare

_COLUMNS = "id, name, kind, source, project, executor, command, created, finished, status, reason, message"


class RunNotFound(Exception):
    """No run has this id or name."""

    exit_code = 2
    code = "S002"
    hint = "holkas runs list shows the runs that are kept"


class Store:
    """One store under one directory. Safe for threads and for several processes (WAL, one short lock a write).

    Commits survive kill -9 of the process (synchronous=NORMAL); ``durable`` ones a power loss too (FULL).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            root / "holkas.db", isolation_level=None, check_same_thread=False, timeout=30.0
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        prepare(self._connection)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def directory(self, run_id: str) -> RunDirectory:
        """The directory of a run, which may not exist yet."""
        return RunDirectory(self.root / "runs" / run_id)

    # -- writing -----------------------------------------------------------------------------------------------

    def add_run(self, summary: RunSummary) -> None:
        """Record a run that begins; survives a power loss."""
        with self._lock:
            self._durable(
                f"INSERT INTO runs ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    summary.id, summary.name, summary.kind, summary.source, summary.project, summary.executor,
                    json.dumps(summary.command), summary.created, summary.finished, summary.status, summary.reason,
                    summary.message,
                ),
            )  # fmt: skip

    def add_event(self, event: RunEvent) -> None:
        """Record an event; committed when this returns."""
        with self._lock:
            self._insert(event)

    def add_events(self, events: list[RunEvent]) -> None:
        """Record several events in one commit."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for event in events:
                    self._insert(event)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def finish_run(self, event: RunEvent, *, status: str, reason: str, message: str) -> None:
        """Record the end of a run together with its last event; survives a power loss."""
        with self._lock:
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._insert(event)
                self._connection.execute(
                    "UPDATE runs SET status = ?, reason = ?, message = ?, finished = ? WHERE id = ?",
                    (status, reason, message, event.time, event.run),
                )
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
                self._connection.execute("PRAGMA synchronous = NORMAL")

    def remove_run(self, run_id: str) -> None:
        """Forget a run: first its directory, then its rows, so that no row points to nothing for ever."""
        from holkas.state.run_directory import remove_tree

        remove_tree(self.directory(run_id).path)
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM events WHERE run = ?", (run_id,))
            self._connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
            self._connection.execute("COMMIT")

    def _insert(self, event: RunEvent) -> None:
        self._connection.execute(
            "INSERT INTO events (run, time, kind, task, step, data) VALUES (?,?,?,?,?,?)",
            (event.run, event.time, event.kind.value, event.task, event.step, json.dumps(event.data)),
        )

    def _durable(self, statement: str, values: tuple[Any, ...]) -> None:
        self._connection.execute("PRAGMA synchronous = FULL")
        try:
            self._connection.execute(statement, values)
        finally:
            self._connection.execute("PRAGMA synchronous = NORMAL")

    # -- reading -----------------------------------------------------------------------------------------------

    def runs(self, *, limit: int | None = None, project: str | None = None) -> list[RunSummary]:
        """Runs, the newest first."""
        where = "" if project is None else "WHERE project = ?"
        values: tuple[Any, ...] = () if project is None else (project,)
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM runs {where} ORDER BY created DESC, id DESC LIMIT ?",  # noqa: S608 - our text
                (*values, -1 if limit is None else limit),
            ).fetchall()
        return [self._summary(row) for row in rows]

    def unfinished(self) -> list[RunSummary]:
        """Runs that have not ended: going on, or interrupted."""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM runs WHERE status = 'Unknown' ORDER BY created"  # noqa: S608 - our text
            ).fetchall()
        return [self._summary(row) for row in rows]

    def run(self, wanted: str) -> RunSummary:
        """The run with this id, or the newest with this name; ``latest`` is the newest of all. Raises RunNotFound."""
        if wanted == "latest":
            where, values = "1", ()
        else:
            where, values = "id = ? OR name = ?", (wanted, wanted)  # type: ignore[assignment]  # two shapes of tuple
        with self._lock:
            row = self._connection.execute(
                f"SELECT {_COLUMNS} FROM runs WHERE {where} ORDER BY created DESC, id DESC LIMIT 1",  # noqa: S608
                values,
            ).fetchone()
        if row is None:
            raise RunNotFound(
                f"no run is called {wanted!r}" if wanted != "latest" else "there are no runs yet"
            )
        return self._summary(row)

    def events(self, run_id: str, *, after: int = 0) -> Iterator[tuple[int, RunEvent]]:
        """Events of a run with their sequence numbers, from the one behind ``after`` on."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT seq, time, kind, task, step, data FROM events WHERE run = ? AND seq > ? ORDER BY seq",
                (run_id, after),
            ).fetchall()
        for seq, moment, kind, task, step, data in rows:
            yield (
                seq,
                RunEvent(
                    time=moment,
                    kind=RunEventKind(kind),
                    run=run_id,
                    task=task,
                    step=step,
                    data=_mapping(data),
                ),
            )

    def _summary(self, row: tuple[Any, ...]) -> RunSummary:
        run_id, name, kind, source, project, executor, command, created, finished, status, reason, message = (
            row
        )
        return RunSummary(
            id=run_id, name=name, kind=kind, source=source, project=project, executor=executor,
            command=tuple(json.loads(command)), created=created, finished=finished, status=status, reason=reason,
            message=message, alive=status == "Unknown" and is_owned(self.directory(run_id).lock),
        )  # fmt: skip


def _mapping(text: str) -> Mapping[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
