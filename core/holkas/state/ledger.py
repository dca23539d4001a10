"""The ledger: everything that was decided and done in deliveries and syncs, append-only and chained by hashes.

An entry belongs to a *stream* (``delivery/shop/17``, ``app/guestbook``) and is chained to the entry before it in the
whole ledger. *Views* are small texts that follow from the entries and are written together with them. The ledger is
its own outbox: it knows for every *receiver* up to which entry it was told, so nothing that was written goes untold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any

from holkas.model.canonical_json import canonical
from holkas.state.ledger_database import LedgerDatabase
from holkas.state.ledger_entry import GENESIS, BrokenEntry, Entry, NewEntry, chained

FILE = "ledger.db"

_COLUMNS = "seq, stream, number, type, time, data, previous, hash"
_INSERT = "INSERT INTO entries VALUES (?,?,?,?,?,?,?,?)"
_HEAD = "INSERT INTO head VALUES (1, ?, ?) ON CONFLICT (only) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
_VIEW = "INSERT INTO views VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET data = excluded.data"
_TOLD = "INSERT INTO receivers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)"
_PAGE = 500
"""Rows that are read at a time, so that a long ledger needs little memory."""

Views = Mapping[str, Any]
"""Key of a view → its new value, JSON; None removes it."""

Projection = Callable[["Ledger", Sequence[Entry]], Views]
"""What the views become with these entries; called inside of the transaction, may read views."""


class LedgerConflict(Exception):
    """Somebody else wrote to the stream first: look again and decide anew."""

    exit_code = 1
    code = "S004"
    hint = "run the command again"


class Ledger:
    """The ledger below a state directory. Safe for threads and processes; what is written survives a power loss.

    Every method raises StateUnusable when the disk is full, or the database is damaged or not to be written.
    """

    def __init__(self, root: Path) -> None:
        """Open the ledger and make it where it is missing. Raises StateUnusable, and StoreTooNew."""
        self.path = root / FILE
        self._database = LedgerDatabase(self.path)
        # Views and last numbers of streams as they were when the entry ``_fresh_at`` was the last one; they change only
        # together with entries.
        self._cached: dict[str, Any] = {}
        self._numbers: dict[str, int] = {}
        self._recent: list[Entry] = []
        self._fresh_at = -1
        self._writing = False

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    # -- writing -----------------------------------------------------------------------------------------------

    def append(
        self, stream: str, type: str, data: Mapping[str, Any] | None = None, *, expected: int | None = None
    ) -> Entry:
        """Add one entry to a stream.

        data: JSON, nothing secret. expected: the number of the stream's last entry, 0 for an empty one; None for
        whatever it is. Raises LedgerConflict when it is another.
        """
        new = NewEntry(stream=stream, type=type, time=time(), data=data or {})
        return self.append_all([new], expected={} if expected is None else {stream: expected})[0]

    def append_all(
        self,
        entries: Sequence[NewEntry],
        *,
        expected: Mapping[str, int] | None = None,
        views: Projection | None = None,
    ) -> list[Entry]:
        """Add entries to one or several streams, and new views, all in one commit or nothing.

        expected: stream → number of its last entry. Raises LedgerConflict.
        """

        def write() -> list[Entry]:
            for stream, number in (expected or {}).items():
                last = self.last_number(stream)
                if last != number:
                    raise LedgerConflict(
                        f"{stream} has {last} entries, not {number}: somebody else was faster"
                    )
            made = self._chain(entries)
            if views is not None:
                self._writing = True
                self._write_views(views(self, made))
            return made

        with self._database:
            try:
                made = self._database.write(write)
            except BaseException:
                self._fresh_at = -1
                raise
            finally:
                self._writing = False
            self._fresh_at = made[-1].seq if made else -1
            self._remember(made)
        return made

    def _remember(self, made: list[Entry]) -> None:
        """Keep what was just written for who tells it on; together with what it follows without a gap."""
        if not made:
            return
        known = self._recent
        follows = bool(known) and known[-1].seq + 1 == made[0].seq and len(known) < _PAGE
        self._recent = known + made if follows else made

    def _write_views(self, changed: Views) -> None:
        kept = [(key, canonical(value)) for key, value in changed.items() if value is not None]
        gone = [(key,) for key, value in changed.items() if value is None]
        self._database.connection.executemany(_VIEW, kept)
        if gone:
            self._database.connection.executemany("DELETE FROM views WHERE key = ?", gone)
        self._cached.update(changed)

    def _chain(self, entries: Sequence[NewEntry]) -> list[Entry]:
        row = self._database.connection.execute(
            "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        seq, previous = row or (0, GENESIS)
        if seq != self._fresh_at or len(self._cached) > _PAGE:
            self._cached.clear()
            self._numbers.clear()
        numbers = self._numbers
        made: list[Entry] = []
        rows = []
        for new in entries:
            seq += 1
            number = numbers[new.stream] if new.stream in numbers else self.last_number(new.stream)
            numbers[new.stream] = number = number + 1
            data = canonical(new.data)
            moment = float(new.time)  # as SQLite gives it back, or the hash would be another
            own = chained(previous, seq, new.stream, number, new.type, moment, data)
            rows.append((seq, new.stream, number, new.type, moment, data, previous, own))
            made.append(
                Entry(
                    seq=seq, stream=new.stream, number=number, type=new.type, time=moment, data=new.data,
                    previous=previous, hash=own,
                )
            )  # fmt: skip
            previous = own
        if made:
            self._database.connection.executemany(_INSERT, rows)
            self._database.connection.execute(_HEAD, (seq, previous))
        return made

    # -- reading -----------------------------------------------------------------------------------------------

    def last_number(self, stream: str) -> int:
        """The number of a stream's last entry, 0 for an empty one."""
        with self._database as connection:
            (number,) = connection.execute(
                "SELECT max(number) FROM entries WHERE stream = ?", (stream,)
            ).fetchone()
        return int(number or 0)

    def read(self, stream: str, after: int = 0) -> Iterator[Entry]:
        """Entries of a stream in order, from the one behind the number ``after`` on."""
        while page := self._page("stream = ? AND number > ? ORDER BY number", stream, after):
            yield from page
            after = page[-1].number

    def read_all(self, after: int = 0) -> Iterator[Entry]:
        """Entries of all streams in order, from the one behind the place ``after`` on."""
        for page in self.pages(after):
            yield from page

    def pages(self, after: int = 0) -> Iterator[list[Entry]]:
        """As :meth:`read_all`, so many at a time as one should take; none is empty."""
        while page := self._page("seq > ? ORDER BY seq", after):
            yield page
            after = page[-1].seq
            if len(page) < _PAGE:
                return

    def untold(self, receiver_at: int) -> Iterator[list[Entry]]:
        """The pages behind the place that a receiver is at, from memory where this ledger wrote all of them."""
        recent = self._recent
        if recent and recent[0].seq <= receiver_at + 1 and recent[-1].seq == self.last_seq():
            if left := recent[receiver_at + 1 - recent[0].seq :]:
                yield left
            return
        yield from self.pages(receiver_at)

    def last_seq(self) -> int:
        """The place of the last entry, 0 in an empty ledger."""
        with self._database as connection:
            (seq,) = connection.execute("SELECT max(seq) FROM entries").fetchone()
        return int(seq or 0)

    def streams(self, prefix: str = "") -> list[str]:
        """Names of streams that begin so, sorted."""
        with self._database as connection:
            rows = connection.execute(
                "SELECT DISTINCT stream FROM entries WHERE stream >= ? AND substr(stream, 1, ?) = ? ORDER BY stream",
                (prefix, len(prefix), prefix),
            ).fetchall()
        return [stream for (stream,) in rows]

    def view(self, key: str) -> Any:
        """The value of a view, None where there is none. Inside of a projection it may be changed by the caller."""
        with self._database as connection:
            if self._writing and key in self._cached:
                return self._cached[key]
            row = connection.execute("SELECT data FROM views WHERE key = ?", (key,)).fetchone()
            found = None if row is None else json.loads(row[0])
            if self._writing:
                self._cached[key] = found
        return found

    def views(self, prefix: str, *, newest: int = 0) -> list[tuple[str, Any]]:
        """Views whose keys begin so, by key; ``newest``: the last so many, the last one first."""
        order = "DESC LIMIT ?" if newest else "ASC LIMIT ?"
        with self._database as connection:
            rows = connection.execute(
                f"SELECT key, data FROM views WHERE key >= ? AND key < ? ORDER BY key {order}",  # noqa: S608 - ours
                (prefix, prefix + "\U0010ffff", newest or -1),
            ).fetchall()
        values = json.loads(f"[{','.join(data for _, data in rows)}]")  # at once: a board has thousands
        return [(key, value) for (key, _), value in zip(rows, values, strict=True)]

    # -- receivers ---------------------------------------------------------------------------------------------

    def receivers(self, names: Sequence[str]) -> dict[str, int]:
        """The place of the last entry that each receiver was told; a new one begins where the slowest is."""
        with self._database as connection:
            places = dict(connection.execute("SELECT name, seq FROM receivers").fetchall())
        new = [name for name in names if name not in places]
        if new:
            slowest = min(places.values(), default=0)
            rows = [(name, slowest) for name in new]
            insert = "INSERT OR IGNORE INTO receivers VALUES (?, ?)"
            self._database.write(lambda: self._database.connection.executemany(insert, rows))
            return self.receivers(names)
        return {name: places[name] for name in names}

    def told(self, receiver: str, seq: int) -> None:
        """Note that a receiver knows every entry up to a place."""
        self._database.write(lambda: self._database.connection.execute(_TOLD, (receiver, seq)))

    # -- verifying ---------------------------------------------------------------------------------------------

    def verify(self) -> list[BrokenEntry]:
        """Every place where an entry was changed, removed, put in between or moved; none in a sound ledger."""
        from holkas.state.ledger_verification import verify_rows

        with self._database as connection:
            head = connection.execute("SELECT seq, hash FROM head").fetchone()
        return list(verify_rows(self._rows(), head))

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        after = None
        while True:
            with self._database as connection:
                rows = connection.execute(
                    f"SELECT {_COLUMNS} FROM entries WHERE :after IS NULL OR seq > :after ORDER BY seq LIMIT :page",  # noqa: S608 - ours
                    {"after": after, "page": _PAGE},
                ).fetchall()
            if not rows:
                return
            yield from rows
            after = rows[-1][0]

    def _page(self, condition: str, *values: object) -> list[Entry]:
        with self._database as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE {condition} LIMIT {_PAGE}",  # noqa: S608 - ours
                values,
            ).fetchall()
        return [
            Entry(
                seq=seq, stream=stream, number=number, type=kind, time=moment, data=json.loads(data),
                previous=previous, hash=own,
            )
            for seq, stream, number, kind, moment, data, previous, own in rows
        ]  # fmt: skip
