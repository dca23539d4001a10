"""Opens files in directories that steps can write, without ever being led out of them.

A step may leave a link, a FIFO or a device where holkas expects a plain file. Every component is opened relative to
the one before it and links are refused, so that nothing outside of ``root`` is read or written on a step's behalf.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path, PurePosixPath

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotPlain(OSError):
    """The path leads through a link or to something that is no plain file."""


def _open_parent(root: Path, parts: tuple[str, ...], *, create: bool) -> int:
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            if create:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o777, dir_fd=descriptor)
            following = os.open(part, _DIRECTORY, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = following
    return descriptor


def open_beneath(root: Path, relative: str, flags: int, *, create_parents: bool = False) -> int:
    """A descriptor of the plain file ``relative`` under ``root``.

    Raises FileNotFoundError, and NotPlain for a link, a FIFO, a device or a directory, or when the path holds ``..``.
    """
    parts = tuple(part for part in PurePosixPath(relative).parts if part not in ("/", "."))
    if not parts or ".." in parts:
        raise NotPlain(f"{relative} leaves its directory")
    try:
        parent = _open_parent(root, parts[:-1], create=create_parents)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotPlain(f"{relative} leads through something that is no directory") from error
    try:
        descriptor = os.open(
            parts[-1], flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644, dir_fd=parent
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotPlain(f"{relative} is no plain file") from error
    finally:
        os.close(parent)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotPlain(f"{relative} is no plain file")
    return descriptor


def read_beneath(root: Path, relative: str, limit: int) -> bytes:
    """At most ``limit`` + 1 bytes of a file, so that the caller sees when there were more. Errors of open_beneath."""
    descriptor = open_beneath(root, relative, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(limit + 1)


def write_beneath(root: Path, relative: str, data: bytes, mode: int = 0o644) -> None:
    """Write a whole file, replacing what is there. Errors of open_beneath."""
    descriptor = open_beneath(root, relative, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, create_parents=True)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(data)
