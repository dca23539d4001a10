"""Tables of the ledger. Entries are only ever added: triggers refuse everything else."""

from __future__ import annotations

import sqlite3

from holkas.state.schema import StoreTooNew, write_ahead

VERSION = 2

TABLES = (
    """CREATE TABLE entries (
      seq INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      number INTEGER NOT NULL,
      type TEXT NOT NULL,
      time REAL NOT NULL,
      data TEXT NOT NULL,
      previous TEXT NOT NULL,
      hash TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX entries_of_stream ON entries (stream, number)",
    """CREATE TRIGGER entries_are_not_changed BEFORE UPDATE ON entries
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER entries_are_not_removed BEFORE DELETE ON entries
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    # INSERT OR REPLACE removes rows without asking the trigger above.
    """CREATE TRIGGER entries_are_not_replaced BEFORE INSERT ON entries
      WHEN NEW.seq <= (SELECT max(seq) FROM entries)
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    # The last entry once more, without which nobody would miss the end of the chain.
    "CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL)",
    # What is read often, as it follows from the entries; written together with them.
    "CREATE TABLE views (key TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID",
    # Up to which entry each receiver of events was told.
    "CREATE TABLE receivers (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
)

_FROM_1 = (
    # Version 1 kept events apart; who missed one is told again from its entry on. An event's id begins with its hash.
    """UPDATE receivers SET seq = coalesce(
      (SELECT entries.seq - 1 FROM outbox
        JOIN entries ON entries.hash LIKE substr(json_extract(outbox.event, '$.id'), 1, 32) || '%'
        WHERE outbox.seq > receivers.seq ORDER BY outbox.seq LIMIT 1),
      (SELECT max(seq) FROM entries), 0)""",
    "DROP TABLE outbox",
)


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new ledger, once, however many processes come at a time. Raises StoreTooNew."""
    version = _version(connection)
    if version > VERSION:
        raise StoreTooNew(f"the ledger has version {version}, this holkas knows {VERSION}")
    connection.execute("PRAGMA synchronous = FULL")
    if version == VERSION:
        return
    write_ahead(connection)
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection)
    if version < VERSION:  # nobody was faster
        for statement in _FROM_1 if version else TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
