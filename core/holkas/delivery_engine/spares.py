"""Empty directories that are used again: to make one costs ext4 as much as to start a process, and to remove one too."""

from __future__ import annotations

import os
from pathlib import Path

from holkas.state.run_directory import remove_tree

_KEPT = 3


class Spares:
    """Spare directories below ``path``, which belongs to one process at a time."""

    def __init__(self, path: Path) -> None:
        self._names = [os.path.join(path, f"spare-{number}") for number in range(_KEPT)]  # noqa: PTH118 - made often

    def take(self, path: Path) -> None:
        """Make an empty directory, private to its owner, at a path where nothing is. Raises OSError."""
        for name in self._names:
            try:
                os.rename(name, path)  # noqa: PTH104 - as above
            except FileNotFoundError:
                continue
            if not os.listdir(path):  # noqa: PTH208 - as above
                return
            remove_tree(path)  # somebody has put something there
            break
        path.mkdir(mode=0o700, parents=True)

    def give(self, path: Path) -> None:
        """Take away a directory with everything in it; it is a spare one afterwards, where one is wanted."""
        try:
            _empty(path)
            path.chmod(0o700)
            for name in self._names:
                if not os.path.lexists(name):
                    os.rename(path, name)  # noqa: PTH104 - as above
                    return
        except OSError:
            pass  # read-only to us, or gone: below it is removed in whatever way there is
        remove_tree(path)


def _empty(directory: Path) -> None:
    with os.scandir(directory) as entries:
        found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for path, is_directory in found:
        if is_directory:
            remove_tree(Path(path))
        else:
            os.unlink(path)  # noqa: PTH108 - as above
