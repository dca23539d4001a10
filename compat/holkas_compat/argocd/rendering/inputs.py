"""What a render read, so that it is done again exactly when one of these is another."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from pathlib import Path

from holkas.extensions.source_fetcher import SourceTree

from .failure import RenderFailure

MAX_FILE = 32 << 20
"""Bytes of one file."""


class TreeReader:
    """One source's tree, and the paths of it that were looked at, those where nothing was included."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
        self.looked_at: set[str] = set()
        self._files: frozenset[str] | None = None
        self._sorted: Sequence[str] = ()
        self._directories: frozenset[str] = frozenset()

    def root(self, *paths: str) -> Path:
        """The directory in which these paths, and what lies below them, can be read; they count as looked at."""
        self.looked_at.update(paths)
        return self.tree.materialise(paths)

    def is_file(self, path: str) -> bool:
        """Whether there is a file or link; unless it is a directory, the render depends on what is there."""
        if not self.is_directory(path):
            self.looked_at.add(path)
        return path in self._all()

    def is_directory(self, path: str) -> bool:
        """Whether there are files below it. It is not looked at by that: what is read of it is."""
        self._all()
        return path in self._directories or (not path and bool(self._sorted))

    def below(self, path: str) -> list[str]:
        """Every file at or below a path, sorted; the whole directory counts as looked at."""
        self.looked_at.add(path)
        self._all()
        start = path + "/" if path else ""
        return [name for name in self._sorted if name.startswith(start)]

    def read(self, path: str) -> bytes:
        """A file's bytes, of the file itself where it is a link. Raises RenderFailure R103, R104."""
        place = self.root(path) / path
        real = self.inside(path)
        if real != path:
            place = self.root(real) / real
        try:
            if place.stat().st_size > MAX_FILE:
                raise RenderFailure("R104", f"{path} is larger than {MAX_FILE >> 20} MiB")
            return place.read_bytes()
        except OSError as error:
            raise RenderFailure("R103", f"{path} cannot be read: {error.strerror}") from None

    def is_regular(self, path: str) -> bool:
        """Whether there is a file, at the end of all links."""
        real = self.inside(path)
        return real in self._all() and not (self.tree.materialise((real,)) / real).is_symlink()

    def inside(self, path: str) -> str:
        """Where a path really leads when its links are followed, relative to the root."""
        for _ in range(32):
            root = self.tree.materialise((path,))
            place = root / path
            if not place.is_symlink():
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(place.readlink())))
            self.looked_at.add(path)
        return path

    def _all(self) -> frozenset[str]:
        if self._files is None:
            self._sorted = sorted(self.tree.files())
            directories: set[str] = set()
            for name in self._sorted:
                parent = posixpath.dirname(name)
                while parent and parent not in directories:
                    directories.add(parent)
                    parent = posixpath.dirname(parent)
            self._directories = frozenset(directories)
            self._files = frozenset(self._sorted)
        return self._files


def inner_path(base: str, path: str, what: str) -> str:
    """A path of a manifest relative to ``base``; one that begins with a slash is relative to the root.

    Raises RenderFailure R102 for one that leaves the source.
    Source: Argo CD, util/io/path (ResolveValueFilePathOrUrl).
    """
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(base, path)
    normal = posixpath.normpath(joined) if joined else ""
    if normal == ".." or normal.startswith("../") or "\0" in normal:
        raise RenderFailure("R102", f"{what} {path!r} leaves the source")
    return "" if normal == "." else normal


def reduced(paths: Iterable[str]) -> list[str]:
    """Without paths that lie below another one, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not (kept[-1] == "" or path.startswith(kept[-1] + "/")):
            kept.append(path)
    return kept
