"""Directories that nobody else may have made for us."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_TRIES = 100


def make_private(path: Path) -> None:
    """Make a directory (and its parent) that only this user can enter. Raises PermissionError when it is another's.

    In a place that everybody can write, somebody could have made the directory first and so read what we put there.
    """
    for directory in (path.parent, path):
        status = _made(directory)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise PermissionError(f"{directory} is not this user's own directory")


def _made(directory: Path) -> os.stat_result:
    """Make it and look at it, again where somebody removed it (or its parent) in between: the end of another run."""
    for _ in range(_TRIES):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return directory.lstat()
        except (FileNotFoundError, FileExistsError):
            continue
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory.lstat()
