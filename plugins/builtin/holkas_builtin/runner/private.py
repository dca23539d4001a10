"""Directories that nobody else may have made for us."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def make_private(path: Path) -> None:
    """Make a directory (and its parent) that only this user can enter. Raises PermissionError when it is another's.

    In a place that everybody can write, somebody could have made the directory first and so read what we put there.
    """
    for directory in (path.parent, path):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise PermissionError(f"{directory} is not this user's own directory")
