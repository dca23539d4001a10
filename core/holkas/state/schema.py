"""Tables of the store, and how an older store becomes a newer one."""

from __future__ import annotations

import sqlite3

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


class StoreTooNew(Exception):
    """The store was written by a newer holkas."""

    exit_code = 2
    code = "S001"
    hint = "use the newer holkas, or point HOLKAS_STATE_DIR to another directory"


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new store. Raises StoreTooNew."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StoreTooNew(f"the state store has version {version}, this holkas knows {VERSION}")
    if version == VERSION:
        return
    connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
