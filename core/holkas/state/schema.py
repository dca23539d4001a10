"""Tables of the store, and how an older store becomes a newer one."""

from __future__ import annotations

import sqlite3
import time

VERSION = 1

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  project TEXT NOT NULL,
  executor TEXT NOT NULL,
  command TEXT NOT NULL,
  created REAL NOT NULL,
  finished REAL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_created ON runs (created);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  time REAL NOT NULL,
  kind TEXT NOT NULL,
  task TEXT NOT NULL,
  step TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_run ON events (run, seq);
"""


_PAGES = 4000
"""Pages of 4 KiB in the log before they are moved, for which a run waits: a disk may take as long as twenty tasks."""


class StoreTooNew(Exception):
    """The store was written by a newer holkas."""

    exit_code = 2
    code = "S001"
    hint = "use the newer holkas, or point HOLKAS_STATE_DIR to another directory"


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new store, once, however many processes come at the same time. Raises StoreTooNew."""
    version = _version(connection)
    if version > VERSION:
        raise StoreTooNew(f"the state store has version {version}, this holkas knows {VERSION}")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES}")
    if version == VERSION:
        return
    write_ahead(connection)
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) < VERSION:  # nobody was faster
        for statement in filter(str.strip, TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, which lasts; SQLite does not wait by itself for others that do the same."""
    for _ in range(200):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.01)
