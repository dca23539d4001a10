"""Blobs of a registry as files: nothing outside of the directory, nothing larger than was said."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from holkas.roles.errors import Corrupt

_PIECE = 1 << 20


class Verified(io.RawIOBase):
    """Pieces of a blob as a file that can be read once; its digest is known at the end.

    Raises Corrupt when there is more than ``size`` bytes.
    """

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        self._pieces, self._left = pieces, size
        self._rest = b""
        self._hashed = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """As :class:`io.RawIOBase` says."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # a writable buffer, which 3.11 has no name for
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left -= len(piece)
            if self._left < 0:
                raise Corrupt("the registry gives more bytes than it said")
            self._hashed.update(piece)
            self._rest = piece
        count = min(len(view), len(self._rest))
        view[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def digest(self) -> str:
        """Of everything; what was not read yet is read now."""
        while self.read(_PIECE):
            pass
        return f"sha256:{self._hashed.hexdigest()}"


def write_file(source: Verified, path: Path) -> None:
    """A blob as one file. Raises Corrupt, OSError."""
    with _made(path, 0o666) as file:
        shutil.copyfileobj(source, file, _PIECE)


def write_tree(source: Verified, root: Path, limit: int) -> None:
    """A tar archive as a tree: files and links alone, ``limit`` bytes at most (a sparse file is larger than its
    archive). Raises Corrupt, OSError.

    Links are made last, so that nothing is written through one.
    """
    links: dict[Path, str] = {}
    size = 0
    try:
        with tarfile.open(fileobj=source, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
            for member in archive:
                path = _place(member.name, root)
                size += member.size
                if size > limit:
                    raise Corrupt(f"the archive unpacks to more than {limit} bytes")
                if member.isdir():
                    path.mkdir(parents=True, exist_ok=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                if member.issym():
                    links[path] = member.linkname
                    continue
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    raise Corrupt(f"the archive holds {member.name!r}, which is neither file nor link")
                with _made(path, 0o777 if member.mode & 0o100 else 0o666) as file:
                    shutil.copyfileobj(content, file, _PIECE)
    except (tarfile.TarError, EOFError) as error:
        raise Corrupt(f"the archive cannot be unpacked: {error}") from None
    except (FileExistsError, NotADirectoryError) as error:
        raise Corrupt(f"the archive holds {error.filename} twice") from None
    for path, target in links.items():
        with contextlib.suppress(FileExistsError):  # the digest of the whole tells
            os.symlink(target, path)  # noqa: PTH211 - the text as it stands


def _place(name: str, root: Path) -> Path:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or not parts or "\0" in name:
        raise Corrupt(f"the archive holds {name!r}, which leaves it")
    return root.joinpath(*parts)


def _made(path: Path, mode: int) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, mode), "wb")
