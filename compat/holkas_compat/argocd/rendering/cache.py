"""What was rendered, by content: a text by its digest, and for each Application what it was made of.

Below the state directory, in ``renders``: ``objects/<digest>`` are texts, ``<project>.json`` says which inputs gave which
text, ``snapshots/<key>.json`` answers for a whole project whose files have not changed at all. Everything is written
beside its place and renamed; nothing here is needed, so that whatever cannot be read is rendered again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from holkas.state.aging import forget_old, wanted

FORMAT = 3
"""Of the files, and of everything that may change what a render gives: counted up with the renderer."""

MAX_RECORDS = 4
"""Outcomes of one Application that are kept: the two sides of a difference, twice."""

MAX_SNAPSHOTS = 32


def key_of(value: Any) -> str:
    """A name for plain values."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class RenderCache:
    """The cache of one project. Safe for threads; two processes may overwrite each other, which costs a render."""

    def __init__(self, state: Path, project: str) -> None:
        self._directory = state / "renders"
        self._index = self._directory / f"{key_of([FORMAT, project])[:32]}.json"
        self._records: dict[str, list[dict[str, Any]]] | None = None
        self._changed = False
        self._lock = Lock()

    def text(self, digest: str) -> str | None:
        """A text, None where it is gone or is not what it was."""
        if len(digest) != 64 or not digest.isalnum():
            return None
        place = self._directory / "objects" / digest[:2] / digest
        try:
            data = place.read_bytes()
        except OSError:
            return None
        wanted(place)
        return data.decode() if sha256(data).hexdigest() == digest else None

    def keep_text(self, text: str) -> str:
        """Keep a text and return its digest."""
        data = text.encode()
        digest = sha256(data).hexdigest()
        place = self._directory / "objects" / digest[:2] / digest
        if not place.is_file() or place.stat().st_size != len(data):
            _write(place, data)
        return digest

    def records(self, key: str) -> Sequence[Mapping[str, Any]]:
        """What is known of an Application, the last outcome first."""
        with self._lock:
            return tuple(self._all().get(key, ()))

    def keep(self, key: str, record: dict[str, Any]) -> None:
        """Keep an outcome of an Application; written by :meth:`save`."""
        with self._lock:
            others = [one for one in self._all().get(key, []) if one.get("inputs") != record["inputs"]]
            self._all()[key] = [record, *others][:MAX_RECORDS]
            self._changed = True

    def save(self) -> None:
        """Write what is new."""
        with self._lock:
            if self._changed:
                _write(self._index, json.dumps({"format": FORMAT, "records": self._all()}).encode())
                self._changed = False

    def snapshot(self, key: str) -> Mapping[str, Any] | None:
        """The outcome for a whole project, None where there is none."""
        return _read(self._directory / "snapshots" / f"{key}.json")

    def keep_snapshot(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep the outcome for a whole project; the oldest ones go."""
        place = self._directory / "snapshots"
        forget_old(self._directory / "objects")
        _write(place / f"{key}.json", json.dumps({"format": FORMAT, **value}).encode())
        found = sorted(place.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[MAX_SNAPSHOTS:]:
            path.unlink(missing_ok=True)

    def _all(self) -> dict[str, list[dict[str, Any]]]:
        if self._records is None:
            found = _read(self._index)
            records = found.get("records") if found else None
            self._records = records if isinstance(records, dict) else {}
        return self._records


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) and value.get("format") == FORMAT else None


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Nothing is lost with it, so it is not forced to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
