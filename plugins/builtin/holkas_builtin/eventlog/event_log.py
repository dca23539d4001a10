"""The role: a SQLite file as monitoring."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from holkas.model.event import Event, EventQuery
from holkas.model.health import Health
from holkas.roles.errors import AccessDenied, Retryable, ToolError
from holkas.roles.monitoring import Monitoring
from holkas.state.schema import write_ahead

from .health import health_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, time REAL NOT NULL, subject TEXT NOT NULL,
    subject_type TEXT NOT NULL, source TEXT NOT NULL, environment TEXT NOT NULL, content TEXT NOT NULL,
    custom TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_by_time ON event (time);
CREATE INDEX IF NOT EXISTS event_by_environment ON event (environment, time);
CREATE INDEX IF NOT EXISTS event_by_subject ON event (subject, time);
"""
_COLUMNS = "id, type, time, subject, subject_type, source, environment, content, custom"
_BUSY = 10.0


class EventLog(Monitoring):
    """Events in a file, which is made with the first one. Several processes may write and read at once."""

    name: ClassVar[str] = "eventlog"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.RLock()

    def fault(self) -> str:
        try:
            with self._access() as connection:
                connection.execute("SELECT 1 FROM event LIMIT 1").fetchall()
        except ToolError as error:
            return str(error)
        return ""

    def send(self, events: Sequence[Event]) -> None:
        rows = [
            (
                *(one.id, one.type, one.time, one.subject, one.subject_type, one.source, one.environment),
                json.dumps(dict(one.content), sort_keys=True),
                json.dumps(dict(one.custom), sort_keys=True),
            )
            for one in events
        ]
        if not rows:
            return
        with self._access() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            places = ", ".join("?" * 9)
            connection.executemany(f"INSERT OR IGNORE INTO event ({_COLUMNS}) VALUES ({places})", rows)  # noqa: S608 - our own words

    def query(self, query: EventQuery) -> Iterator[Event]:
        where, values = _conditions(query)
        limit = f" LIMIT {int(query.limit)}" if query.limit else ""
        newest_first = f"SELECT {_COLUMNS} FROM event{where} ORDER BY time DESC, number DESC{limit}"  # noqa: S608 - our own words
        with self._access() as connection:
            rows = connection.execute(newest_first, values).fetchall()
        for row in reversed(rows):
            yield _event(row)

    def health(self, environment: str) -> Health:
        """What the newest events about deployments and incidents of the environment say."""
        about = ("dev.cdevents.service.", "dev.cdevents.environment.", "dev.cdevents.incident.")
        return health_of(
            environment, list(self.query(EventQuery(types=about, environment=environment, limit=500)))
        )

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _access(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time; what SQLite refuses as an error of the role."""
        with self._lock:
            try:
                yield self._open()
            except sqlite3.OperationalError as error:
                text = str(error)
                if "readonly" in text or "unable to open" in text:
                    raise AccessDenied(f"the event log {self._path} cannot be opened: {text}") from error
                raise Retryable(f"the event log {self._path} cannot be used now: {text}") from error
            except sqlite3.DatabaseError as error:
                raise ToolError(
                    f"{self._path} is no event log: {error}", hint="move the file away; a new one is made"
                ) from error
            except OSError as error:
                raise AccessDenied(f"the event log {self._path} cannot be made: {error.strerror}") from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            try:
                write_ahead(connection)
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_SCHEMA)
            except BaseException:
                connection.close()
                raise
            self._path.chmod(0o600)
            self._connection = connection
        return self._connection


def _conditions(query: EventQuery) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if query.types:
        # No LIKE: beginnings are compared as they stand, whatever is in them.
        parts.append("(" + " OR ".join("substr(type, 1, ?) = ?" for _ in query.types) + ")")
        values += [value for one in query.types for value in (len(one), one)]
    for column in ("subject", "environment"):
        if value := getattr(query, column):
            parts.append(f"{column} = ?")
            values.append(value)
    if query.since is not None:
        parts.append("time >= ?")
        values.append(query.since)
    if query.until is not None:
        parts.append("time < ?")
        values.append(query.until)
    return (" WHERE " + " AND ".join(parts) if parts else ""), values


def _event(row: tuple[Any, ...]) -> Event:
    identity, kind, time, subject, subject_type, source, environment, content, custom = row
    return Event(
        id=identity,
        type=kind,
        time=time,
        subject=subject,
        subject_type=subject_type,
        source=source,
        environment=environment,
        content=_mapping(content),
        custom=_mapping(custom),
    )


def _mapping(text: str) -> Mapping[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
