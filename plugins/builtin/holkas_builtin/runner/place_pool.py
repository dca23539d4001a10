"""The directories that every attempt of a task has, made once and used again while nobody leaves anything in them.

Making and removing a dozen directories costs more than starting a process. Most steps leave all of them as they were.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import NamedTuple

from holkas.state.run_directory import remove_tree

_OPEN = (
    "tekton/artifacts",
    "tekton/creds",
    "tekton/home",
    "tekton/results",
    "tekton/run",
    "tekton/scripts",
    "tekton/steps",
    "workspace",
)
"""What every step may write to, whoever it runs as."""

PRIVATE = ("home", "tmp")
"""The same for what a step alone sees; they lie in ``containers/<index>``."""

SCRIPTS = "tekton/scripts"

_LONG_AGO = 1_000_000_000
"""A time of modification (seconds since 1970) that no step leaves behind by accident."""

_Look = tuple[int, ...]


class _Known(NamedTuple):
    """A place: for how many steps it is, its directories, what they looked like when they were made."""

    steps: int
    directories: tuple[str, ...]
    looks: tuple[_Look, ...]


class PlacePool:
    """Places below ``root``. Safe for threads. A name is never given to a second directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._made = 0
        self._free: dict[int, list[Path]] = {}
        self._known: dict[Path, _Known] = {}

    def take(self, steps: int) -> Path:
        """A place of one's own with the directories that this number of steps needs, all empty."""
        with self._lock:
            free = self._free.setdefault(steps, [])
            if free:
                return free.pop()
            if not self._made:
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._made += 1
            place = self._root / str(self._made)
        directories = _make(place, steps)
        self._known[place] = _Known(steps, directories, _looks(directories))
        return place

    def give_back(self, place: Path, *, reusable: bool) -> None:
        """The attempt is over and none of its processes lives: keep the place if it is as it was, else remove it.

        reusable: whether nothing but the attempt's scripts was put into it by ourselves.
        """
        if reusable and self._is_as_made(place):
            with self._lock:
                self._free[self._known[place].steps].append(place)
            return
        del self._known[place]
        remove_tree(place)

    def _is_as_made(self, place: Path) -> bool:
        """Whether no directory was changed, neither its entries nor itself (mode, owner, attributes)."""
        try:
            scripts = os.open(place / SCRIPTS, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            for name in os.listdir(scripts):  # noqa: PTH208 - of a descriptor
                os.unlink(name, dir_fd=scripts)
        except OSError:
            return False
        finally:
            os.close(scripts)
        try:
            known = self._known[place]
            return known.looks == _looks(known.directories)
        except OSError:
            return False


def _make(place: Path, steps: int) -> tuple[str, ...]:
    """Make a place; all its directories, itself included."""
    private = [f"containers/{index}" for index in range(steps)]
    inner = ["", "containers", *private, "tekton"]
    opened = [*_OPEN, *(f"{parent}/{name}" for parent in private for name in PRIVATE)]
    for names, mode in ((inner, 0o755), (opened, 0o777)):
        for name in names:
            os.mkdir(f"{place}/{name}")  # noqa: PTH102 - a dozen of them an attempt: Path costs more than the call
            os.chmod(f"{place}/{name}", mode)  # noqa: PTH101 - as above
    directories = tuple(f"{place}/{name}" for name in (*opened, *inner))
    for directory in directories:
        os.utime(directory, (_LONG_AGO, _LONG_AGO))
    return directories


def _looks(directories: tuple[str, ...]) -> tuple[_Look, ...]:
    """What lstat says about each: any entry that comes or goes changes a time of modification."""
    return tuple(_look(directory) for directory in directories)


def _look(path: str) -> _Look:
    status = os.lstat(path)
    own = (status.st_ino, status.st_mode, status.st_uid, status.st_gid, status.st_nlink)
    # Scripts come and go there by our own hand; it is empty when it is looked at.
    return own if path.endswith(SCRIPTS) else (*own, status.st_mtime_ns, status.st_ctime_ns)
