"""Content by digest: files under ``objects``, listings of trees under ``trees``. What is there never changes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from holkas.roles.content import entries_below, size_of
from holkas.roles.errors import Corrupt, NotFound, ToolError
from holkas.state.durable import sync_directory, write_durably

from . import listing
from .listing import EXECUTABLE, LINK, Line

_PIECE = 1 << 20


class Objects:
    """The content of a repository. Safe for threads and processes, as long as nothing is collected meanwhile."""

    def __init__(self, directory: Path) -> None:
        self.files = directory / "objects"
        self.trees = directory / "trees"
        self.temporary = directory / "tmp"

    def add(self, path: Path) -> tuple[str, int, bool]:
        """Store a file or a tree: its digest, its size in bytes, whether it is a tree. Raises ToolError, OSError."""
        if not path.is_dir():
            if not path.is_file():
                raise ToolError(f"{path} is not there, or is no file")
            digest, size = self.add_file(path)
            return f"sha256:{digest}", size, False
        lines = []
        for entry, kind in entries_below(path):
            mode = kind.encode()
            relative = os.fsencode(os.path.relpath(entry.path, path))
            if mode == LINK:
                target = os.fsencode(os.readlink(entry.path))  # noqa: PTH115 - the text as it stands
                if not listing.stays_inside(relative, target):
                    raise ToolError(f"link {entry.path} leaves the tree: it points to {os.fsdecode(target)}")
                digest = self.add_bytes(target)
            else:
                digest, _ = self.add_file(Path(entry.path))
            lines.append(Line(mode=mode, digest=digest, path=relative))
        data = listing.written(lines)
        digest = hashlib.sha256(data).hexdigest()
        self._put(place(self.trees, digest), data)
        return f"sha256:{digest}", size_of(path), True

    def add_file(self, path: Path) -> tuple[str, int]:
        """Store a file; its digest is that of the bytes that were stored, should it change meanwhile."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.temporary)
        try:
            with open(descriptor, "wb") as out, path.open("rb") as source:  # noqa: PTH123 - of a descriptor
                digest, size = _copied(source, out)
                final = place(self.files, digest)
                if _sound(final, digest):
                    return digest, size
                os.fchmod(out.fileno(), 0o444)
                out.flush()
                os.fsync(out.fileno())
            final.parent.mkdir(parents=True, exist_ok=True)
            Path(name).replace(final)
            sync_directory(final.parent)
            return digest, size
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()

    def add_bytes(self, data: bytes) -> str:
        """Store some bytes as a file; the digest's hexadecimal digits."""
        digest = hashlib.sha256(data).hexdigest()
        self._put(place(self.files, digest), data)
        return digest

    def write(self, digest: str, directory: Path, name: str) -> Path:
        """Write content into a directory; every byte is verified on its way.

        Returns the file ``directory/name``, or the directory for a tree. Raises NotFound, Corrupt, OSError.
        """
        if place(self.trees, digest).exists():
            for line in self.tree(digest):
                self._write_line(line, directory)
            return directory
        if not place(self.files, digest).exists():
            raise NotFound(f"there is no content with digest {digest}")
        target = directory / name
        self._copy(digest, target, 0o666)
        return target

    def tree(self, digest: str) -> list[Line]:
        """The lines of a tree. Raises Corrupt, OSError."""
        return listing.read(place(self.trees, digest).read_bytes(), digest)

    def digests(self) -> Iterator[tuple[Path, str]]:
        """Everything that is stored: its file, and its digest's digits."""
        for kind in (self.files, self.trees):
            for path in kind.glob("??/*"):
                yield path, path.parent.name + path.name

    def _write_line(self, line: Line, directory: Path) -> None:
        target = directory / os.fsdecode(line.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if line.mode == LINK:
            text = place(self.files, line.digest).read_bytes()
            if hashlib.sha256(text).hexdigest() != line.digest or not listing.stays_inside(line.path, text):
                raise Corrupt(f"link {target.name} is not what its digest says")
            os.symlink(os.fsdecode(text), target)  # noqa: PTH211 - the text as it stands
        else:
            self._copy(line.digest, target, 0o777 if line.mode == EXECUTABLE else 0o666)

    def _copy(self, digest: str, target: Path, mode: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            source = place(self.files, digest).open("rb")
        except FileNotFoundError:
            raise Corrupt(f"the content {digest} of {target.name} is missing") from None
        with source, open(os.open(target, flags, mode), "wb") as out:  # noqa: PTH123 - of a descriptor
            if _copied(source, out)[0] != digest.removeprefix("sha256:"):
                raise Corrupt(f"{target.name} is not what its digest {digest} says")

    def _put(self, path: Path, data: bytes) -> None:
        if not _sound(path, hashlib.sha256(data).hexdigest()):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, data, mode=0o444)


def place(kind: Path, digest: str) -> Path:
    """Where the content of a digest lies. Raises NotFound for what is no digest."""
    digits = digest.removeprefix("sha256:")
    if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
        raise NotFound(f"{digest!r} is no digest of an artifact")
    return kind / digits[:2] / digits[2:]


def _sound(path: Path, digest: str) -> bool:
    """Whether content is there and is what its digest says: publishing again mends a file that a disk has spoiled."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def _copied(source: IO[bytes], out: IO[bytes]) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        hashed.update(piece)
        out.write(piece)
        size += len(piece)
    return hashed.hexdigest(), size
