"""A source that is a directory of this machine: identities are made of what the files hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

from holkas.extensions.source_fetcher import SourceRefused, SourceTree

from .paths import MAX_BYTES, MAX_FILES, check_links, clean

_CHUNK = 1 << 20


class DirectoryTree(SourceTree):
    """The files below ``root`` as they lie there; ``.git`` is none of them."""

    def __init__(self, root: Path, *, revision: str = "", pinned: bool = True) -> None:
        self.revision = revision
        self.pinned = pinned
        self._root = root.absolute()
        self._listed: dict[str, os.stat_result] | None = None
        self._known: dict[str, str] = {}
        self._lock = Lock()

    def identities(self, paths: Sequence[str]) -> list[str]:
        return [self._identity(clean(path)) for path in paths]

    def materialise(self, paths: Iterable[str]) -> Path:
        self._list()
        return self._root

    def files(self) -> Sequence[str]:
        return list(self._list())

    def mentioning(self, text: str, suffixes: Sequence[str]) -> list[tuple[str, bytes]]:
        wanted, found = text.encode(), []
        for path, status in self._list().items():
            if path.endswith(tuple(suffixes)) and stat.S_ISREG(status.st_mode):
                content = (self._root / path).read_bytes()
                if wanted in content:
                    found.append((path, content))
        return found

    def _list(self) -> dict[str, os.stat_result]:
        with self._lock:
            if self._listed is None:
                self._listed = _listing(self._root)
            return self._listed

    def _identity(self, path: str) -> str:
        listed = self._list()
        if path in listed:
            return self._of_file(path, listed[path])
        start = path + "/" if path else ""
        below = [name for name in listed if name.startswith(start)]
        if not below:
            return ""
        digest = sha256()
        for name in below:
            digest.update(
                f"{name[len(start) :]}\0{self._of_file(name, listed[name])}\n".encode("utf-8", "replace")
            )
        return digest.hexdigest()

    def _of_file(self, path: str, status: os.stat_result) -> str:
        if (known := self._known.get(path)) is None:
            digest = sha256(f"{stat.S_IFMT(status.st_mode)} {status.st_mode & 0o100}\0".encode())
            place = self._root / path
            if stat.S_ISLNK(status.st_mode):
                digest.update(os.fsencode(os.readlink(place)))  # noqa: PTH115 - the text as it stands
            else:
                with place.open("rb") as file:
                    while piece := file.read(_CHUNK):
                        digest.update(piece)
            known = self._known[path] = digest.hexdigest()
        return known


def _listing(root: Path) -> dict[str, os.stat_result]:
    """Files and links, sorted; sockets, pipes and devices are left out. Raises SourceRefused."""
    found: dict[str, os.stat_result] = {}
    links: dict[str, str] = {}
    size = 0
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(os.scandir(root / inside))
        except OSError as error:
            raise SourceRefused(f"{root / inside} cannot be read: {error.strerror}") from None
        for entry in entries:
            path = f"{inside}/{entry.name}" if inside else entry.name
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if entry.name != ".git":
                    waiting.append(path)
                continue
            if stat.S_ISLNK(status.st_mode):
                links[path] = os.readlink(entry.path)  # noqa: PTH115 - the text as it stands
            elif not stat.S_ISREG(status.st_mode):
                continue
            found[path] = status
            size += status.st_size
            if len(found) > MAX_FILES or size > MAX_BYTES:
                raise SourceRefused(
                    f"{root} is too large: more than {MAX_FILES} files or {MAX_BYTES >> 30} GiB"
                )
    check_links(links, links)
    return dict(sorted(found.items()))
