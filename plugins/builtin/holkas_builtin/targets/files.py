"""Files below one directory that nothing leads out of: read whole, written whole, never through a link."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from holkas.roles.errors import AccessDenied, Retryable, ToolError
from holkas.state.durable import sync_directory, write_durably

MAX_BYTES = 16 * 1024 * 1024

Signature = tuple[int, int, int]
"""Time of the last change in nanoseconds, size, inode: another one means another content."""


class Files:
    """A directory of small files, by relative paths with slashes. Errors of the machine are ToolErrors."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def signature(self, path: str) -> Signature | None:
        """What tells whether a file has changed; None where there is no plain file."""
        with contextlib.suppress(OSError):
            found = os.lstat(self.root / path)
            if stat.S_ISREG(found.st_mode):
                return (found.st_mtime_ns, found.st_size, found.st_ino)
        return None

    def read(self, path: str) -> bytes | None:
        """The content; None where there is no plain file, or one that is too large."""
        if self._leads_out(path):
            return None
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if os.path.islink(self.root / path):  # noqa: PTH114 - beside os.open
                return None
            raise _told("cannot read", self.root / path, error) from None
        with open(descriptor, "rb") as file:  # noqa: PTH123 - of a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = file.read(MAX_BYTES + 1)
        return data if len(data) <= MAX_BYTES else None

    def write(self, path: str, data: bytes, *, mode: int = 0o644) -> None:
        """Replace or make a file, and the directories above it. After a crash it is the old one or the new one."""
        place = self.root / path
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            if self._leads_out(path):
                raise ToolError(f"{place.parent} is a link, through which nothing is written")
            write_durably(place, data, mode=mode)
        except OSError as error:
            raise _told("cannot write", place, error) from None

    def remove(self, path: str) -> bool:
        """Remove a file, and directories that are empty without it; whether it was there."""
        place = self.root / path
        if self._leads_out(path):
            return False
        try:
            place.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _told("cannot remove", place, error) from None
        with contextlib.suppress(OSError):
            sync_directory(place.parent)
            for directory in place.relative_to(self.root).parents:
                if directory != Path():
                    (self.root / directory).rmdir()
        return True

    def walk(self, depth: int, below: str = "") -> Iterator[tuple[str, Signature]]:
        """Plain files so many directories deep, with their signatures; hidden ones and links are left out.

        below: a directory to begin at; what is found is relative to it.
        """
        if not below or not self._leads_out(f"{below}/x"):
            yield from self._walk(self.root / below, "", depth)

    def _walk(self, directory: Path, prefix: str, depth: int) -> Iterator[tuple[str, Signature]]:
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise _told("cannot read", directory, error) from None
        for entry in entries:
            if entry.name.startswith("."):
                continue
            with contextlib.suppress(FileNotFoundError):
                if depth and entry.is_dir(follow_symlinks=False):
                    yield from self._walk(Path(entry.path), f"{prefix}{entry.name}/", depth - 1)
                elif not depth and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield f"{prefix}{entry.name}", (found.st_mtime_ns, found.st_size, found.st_ino)

    def _leads_out(self, path: str) -> bool:
        above = Path(path).parents
        return any(os.path.islink(self.root / directory) for directory in above if directory != Path())  # noqa: PTH114 - fast


def _told(what: str, place: Path, error: OSError) -> ToolError:
    text = f"{what} {place}: {error.strerror or error}"
    if isinstance(error, PermissionError):
        return AccessDenied(text)
    return Retryable(text) if error.errno in _PASSING else ToolError(text)


_PASSING = frozenset({4, 11, 23, 24, 28})
"""EINTR, EAGAIN, ENFILE, EMFILE, ENOSPC: it may work later."""
