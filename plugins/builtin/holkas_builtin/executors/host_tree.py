"""The machine's file system as the mount plan sees it."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from functools import cache

from .mount_plan import Kind


class HostTree:
    """Answers from lstat; what it has seen of the system's directories is remembered for the run."""

    def __init__(self) -> None:
        self.kind = cache(self._kind)
        self.real = cache(os.path.realpath)

    def entries(self, path: str) -> Collection[str]:
        """Names in a directory."""
        return os.listdir(path)  # noqa: PTH208 - names are wanted, not paths

    def target(self, path: str) -> str:
        """Text of a symbolic link."""
        return os.readlink(path)  # noqa: PTH115 - the text as it is, not a normalised path

    def _kind(self, path: str) -> Kind:
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            return "missing"
        if stat.S_ISLNK(mode):
            return "link"
        return "directory" if stat.S_ISDIR(mode) else "file"


def homes() -> list[str]:
    """Home directories of people: of the user who runs holkas and of all accounts that are no daemon's."""
    import pwd
    from pathlib import Path

    own = os.getuid()
    found = {str(Path.home())}
    found.update(
        entry.pw_dir for entry in pwd.getpwall() if entry.pw_uid in (0, own) or 1000 <= entry.pw_uid < 60000
    )
    # Some accounts call a directory of the system their home: hiding /usr or /var would break the world.
    return [
        path
        for path in found
        if path.startswith("/") and path.strip("/") not in ("", "usr", "var", "opt", "srv")
    ]
