"""A source that is a tree of a git repository on this machine, read from the object store.

No checkout of git's is involved: no filter, no attribute, no setting of this machine can change a byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from holkas.extensions.source_fetcher import SourceRefused, SourceTree
from holkas.records import dataclass

from holkas_builtin.git.command import GitProgram, Output
from holkas_builtin.git.names import check_path

from .paths import MAX_BYTES, MAX_FILES, at_or_below, check_links, clean

_TREE, _LINK, _MODULE, _EXECUTABLE = "040000", "120000", "160000", "100755"


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    identity: str
    size: int


class ObjectTree(SourceTree):
    """``tree``: its id. ``directory``: where files are written when they are wanted. ``environ``: further stores.

    owner: what removes the directory when nobody holds it any more.
    """

    def __init__(
        self,
        git: GitProgram,
        git_directory: Path,
        tree: str,
        directory: Path,
        *,
        revision: str,
        pinned: bool,
        environ: Mapping[str, str] | None = None,
        owner: object = None,
    ) -> None:
        self.revision = revision
        self.pinned = pinned
        self._git = git
        self._git_directory = git_directory
        self._tree = tree
        self._directory = directory
        self._owner = owner
        self._environ = dict(environ or {})
        self._listed: dict[str, _Entry] | None = None
        self._written: set[str] = set()
        self._lock = Lock()

    def identities(self, paths: Sequence[str]) -> list[str]:
        cleaned = [clean(path) for path in paths]
        if not any(cleaned):
            return [self._tree for _ in cleaned]
        listed = self._list()
        found = []
        for path in cleaned:
            entry = listed.get(path)
            mode = "" if entry is None or entry.mode != _EXECUTABLE else "+x"
            found.append(self._tree if not path else entry.identity + mode if entry else "")
        return found

    def materialise(self, paths: Iterable[str]) -> Path:
        wanted = [clean(path) for path in paths]
        listed = self._list()
        with self._lock:
            missing = [
                path
                for path, entry in listed.items()
                if entry.mode not in (_TREE, _MODULE)
                and path not in self._written
                and at_or_below(path, wanted)
            ]
            self._write(missing, listed)
            self._written.update(missing)
        return self._directory

    def files(self) -> Sequence[str]:
        return [path for path, entry in self._list().items() if entry.mode not in (_TREE, _MODULE)]

    def mentioning(self, text: str, suffixes: Sequence[str]) -> list[tuple[str, bytes]]:
        listed = self._list()
        named = [
            path
            for path, entry in listed.items()
            if path.endswith(tuple(suffixes)) and entry.mode not in (_TREE, _MODULE, _LINK)
        ]
        wanted = text.encode()
        return [(path, content) for path, content in self._read(named, listed) if wanted in content]

    def _list(self) -> dict[str, _Entry]:
        with self._lock:
            if self._listed is None:
                self._listed = self._listing()
            return self._listed

    def _listing(self) -> dict[str, _Entry]:
        out = self._git.run(
            "ls-tree", "-r", "-t", "-l", "-z", "--full-tree", self._tree,
            what="cannot list the repository", directory=self._git_directory, extra=self._environ,
        )  # fmt: skip
        found: dict[str, _Entry] = {}
        size = 0
        for record in out.split(b"\0"):
            head, _, name = record.partition(b"\t")
            if not name:
                continue
            path = os.fsdecode(name)
            check_path(path)
            mode, _, identity, length = head.decode().split()
            found[path] = _Entry(mode, identity, int(length) if length.isdigit() else 0)
            size += found[path].size
        if len(found) > MAX_FILES or size > MAX_BYTES:
            raise SourceRefused(f"the repository is too large: {len(found)} files, {size >> 20} MiB")
        return found

    def _read(self, paths: Sequence[str], listed: Mapping[str, _Entry]) -> Iterable[tuple[str, bytes]]:
        if not paths:
            return
        given = "".join(f"{listed[path].identity}\n" for path in paths).encode()
        with self._git.started(
            "cat-file", "--batch",
            what="cannot read the files", directory=self._git_directory, given=given, extra=self._environ,
        ) as out:  # fmt: skip
            for path in paths:
                head = out.line().split()
                if len(head) != 3 or head[1] != b"blob":
                    raise SourceRefused(
                        f"object {listed[path].identity} of {path} is missing", "fetch it first"
                    )
                yield path, _exactly(out, int(head[2]))

    def _write(self, paths: Sequence[str], listed: Mapping[str, _Entry]) -> None:
        made: set[Path] = set()
        self._directory.mkdir(parents=True, exist_ok=True)
        links = [path for path in paths if listed[path].mode == _LINK]
        for path, content in self._read([path for path in paths if listed[path].mode != _LINK], listed):
            place = self._directory / path
            if place.parent not in made:
                place.parent.mkdir(parents=True, exist_ok=True)
                made.add(place.parent)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            mode = 0o755 if listed[path].mode == _EXECUTABLE else 0o644
            descriptor = os.open(place, flags, mode)
            try:
                view = memoryview(content)
                while view:
                    view = view[os.write(descriptor, view) :]
            finally:
                os.close(descriptor)
        if links:
            targets = self._targets(listed)
            check_links(targets, links)
            for path in links:
                (self._directory / path).parent.mkdir(parents=True, exist_ok=True)
                os.symlink(targets[path], self._directory / path)  # noqa: PTH211 - the text as it stands

    def _targets(self, listed: Mapping[str, _Entry]) -> dict[str, str]:
        """Where every link of the tree points to."""
        every = [path for path, entry in listed.items() if entry.mode == _LINK]
        return {path: os.fsdecode(target) for path, target in self._read(every, listed)}


def _exactly(out: Output, size: int) -> bytes:
    pieces, left = [], size
    while left:
        piece = out.read(left)
        if not piece:
            raise SourceRefused("git ended in the middle of a file")
        pieces.append(piece)
        left -= len(piece)
    out.read(1)
    return b"".join(pieces)
