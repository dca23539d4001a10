"""What resolvers found, kept by digest: so that what never changes is asked once, and the rest is there offline."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from holkas.extensions.resolver import MAX_SIZE, ResolvedResource, ResolverRequest
from holkas.model.reference import RefSource

_VERSION = 1

_YOUNG = 3600.0
"""Seconds in which an object may come to the request that has led to it."""


class ResolvedDocuments:
    """``<directory>/requests/<digest of the request>.json`` names ``<directory>/objects/<digest of the content>``.

    Both are written beside their place and renamed, the object first, so that a process may die at any moment; what is
    damaged counts as not there. Safe for threads and processes.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, request: ResolverRequest) -> ResolvedResource | None:
        """What was found for the request the last time; None where nothing is kept, or it is damaged."""
        place = self._entry(request)
        try:
            entry = json.loads(place.read_bytes())
            if entry["version"] != _VERSION:
                return None
            digest = str(entry["object"])
            with (self._directory / "objects" / digest).open("rb") as file:
                content = file.read(MAX_SIZE + 1)
            source = RefSource(
                uri=str(entry["uri"]), digest=dict(entry["digest"]), entry_point=str(entry["entryPoint"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            return None
        with suppress(
            OSError
        ):  # it is used, and so is not old; a state that cannot be written to is read all the same
            os.utime(place)
        return ResolvedResource(content=content, source=source)

    def put(self, request: ResolverRequest, found: ResolvedResource) -> None:
        """Keep it. A disk that takes nothing is no error: then it is asked for again."""
        digest = hashlib.sha256(found.content).hexdigest()
        entry: Mapping[str, object] = {
            "version": _VERSION,
            "object": digest,
            "uri": found.source.uri,
            "digest": dict(found.source.digest),
            "entryPoint": found.source.entry_point,
        }
        with suppress(OSError):
            _write(self._directory / "objects" / digest, found.content)
            _write(self._entry(request), json.dumps(entry).encode())

    def unused(self, before: float) -> list[Path]:
        """Files that nobody needs: of requests that were last used before a time, and what is only theirs.

        before: in seconds since the epoch. What was written within the last hour is left alone, as its entry may be on
        its way.
        """
        young = time.time() - _YOUNG
        old: list[Path] = []
        needed: set[str] = set()
        for entry in _files(self._directory / "requests"):
            if _used(entry) < (before if entry.suffix == ".json" else young):
                old.append(entry)
            else:
                needed.add(_object_of(entry))
        objects = _files(self._directory / "objects")
        return old + [place for place in objects if place.name not in needed and _used(place) < young]

    def _entry(self, request: ResolverRequest) -> Path:
        """By what is asked for and by whom: what one user of a server may see, another may not."""
        told = json.dumps([request.resolver, sorted(request.fields.items()), request.username])
        return self._directory / "requests" / f"{hashlib.sha256(told.encode()).hexdigest()}.json"


def _files(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except FileNotFoundError:
        return []


def _used(place: Path) -> float:
    """When a file was written or used last; what has gone meanwhile is left to who removed it."""
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _object_of(entry: Path) -> str:
    """The object that a request has led to; empty for what names none."""
    try:
        return str(json.loads(entry.read_bytes())["object"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _write(place: Path, content: bytes) -> None:
    import tempfile

    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)
