"""The directories that every attempt of a task has, made once and used again while nobody leaves anything in them.

Making and removing a dozen directories costs more than starting a process, and so does making and removing one file on
ext4, which looks for a number that was not free a moment ago. Most steps leave all of them as they were.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from holkas.state.run_directory import remove_tree

FILES = ("artifacts", "creds", "home", "results", "run", "steps")
"""Directories of ``tekton`` that every step may write to, whoever it runs as. Most steps do not look for them."""

PRIVATE = ("home", "tmp")
"""The same for what a step alone sees; see :func:`private_name`."""

SCRIPTS = "tekton/scripts"

_LONG_AGO = 1_000_000_000
"""A time of modification (seconds since 1970) that no step leaves behind by accident."""

_Look = tuple[int, ...]


class _Known(NamedTuple):
    """A place: for how many steps it is, its directories, what they looked like when they were made."""

    steps: int
    has_files: bool
    directories: tuple[str, ...]
    looks: tuple[_Look, ...]
    scripts: dict[str, _Look]


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
        private = [private_name(index, name) for index in range(steps) for name in PRIVATE]
        directories = _make(place, ("", "tekton"), (SCRIPTS, "workspace", *private))
        self._known[place] = _Known(steps, False, directories, _looks(directories), {})
        return place

    def add_files(self, place: Path) -> None:
        """Make the directories of ``tekton``, before anything of the attempt runs."""
        known = self._known[place]
        if known.has_files:
            return
        more = _make(place, (), tuple(f"tekton/{name}" for name in FILES))
        os.utime(f"{place}/tekton", (_LONG_AGO, _LONG_AGO))
        directories = known.directories + more
        self._known[place] = known._replace(
            has_files=True, directories=directories, looks=_looks(directories)
        )

    def write_scripts(self, place: Path, texts: Mapping[str, bytes]) -> None:
        """Write executable scripts of these names, and no others, before anything of the attempt runs.

        Files of an earlier attempt are written anew: what they are, though not what they hold, is as we left it.
        """
        known = self._known[place]
        kept = known.scripts
        same = kept.keys() == texts.keys()
        for name in kept.keys() - texts.keys():
            os.unlink(f"{place}/{SCRIPTS}/{name}")  # noqa: PTH108 - as below
            del kept[name]
        for name, text in texts.items():
            flags = 0 if name in kept else os.O_CREAT | os.O_EXCL
            descriptor = os.open(
                f"{place}/{SCRIPTS}/{name}", os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o755
            )
            try:
                _write_all(descriptor, text)
                if flags:
                    os.fchmod(descriptor, 0o755)
                    kept[name] = _script_look(os.fstat(descriptor))
            finally:
                os.close(descriptor)
        if not same:
            directory = f"{place}/{SCRIPTS}"
            os.utime(directory, (_LONG_AGO, _LONG_AGO))
            # Of the others it still counts what they looked like when they were made.
            at = known.directories.index(directory)
            looks = (*known.looks[:at], *_looks((directory,)), *known.looks[at + 1 :])
            self._known[place] = known._replace(looks=looks)

    def keep(self, place: Path) -> bool:
        """Keep a place for the next attempt; False where it is not as it was made, and has to be removed.

        The attempt is over, none of its processes lives, and nothing but its scripts was put into it by ourselves.
        """
        if not self._is_as_made(place):
            return False
        with self._lock:
            self._free[self._known[place].steps].append(place)
        return True

    def remove(self, place: Path) -> None:
        """Remove a place whose attempt is over."""
        del self._known[place]
        remove_tree(place)

    def clear(self) -> None:
        """Remove the places that are kept. What cannot be removed at once is left to who removes everything."""
        with self._lock:
            free, self._free = self._free, {}
        for place in [place for places in free.values() for place in places]:
            known = self._known.pop(place)
            with suppress(OSError):
                for name in known.scripts:
                    os.unlink(f"{place}/{SCRIPTS}/{name}")  # noqa: PTH108 - as below
                for directory in sorted(known.directories, key=len, reverse=True):
                    os.rmdir(directory)  # noqa: PTH106 - a hundred of them

    def _is_as_made(self, place: Path) -> bool:
        """Whether no directory was changed, neither its entries nor itself (mode, owner, attributes)."""
        known = self._known[place]
        try:
            return known.looks == _looks(known.directories) and all(
                _script_look(os.lstat(f"{place}/{SCRIPTS}/{name}")) == look
                for name, look in known.scripts.items()
            )
        except OSError:
            return False


def _script_look(status: os.stat_result) -> _Look:
    """What the file is: another link to it, another owner or another mode is somebody else's doing."""
    return (status.st_ino, status.st_mode, status.st_uid, status.st_gid, status.st_nlink)


def _write_all(descriptor: int, text: bytes) -> None:
    """The file's whole content. Not cut to nothing first, as ext4 would then write it to the disk when it is closed."""
    view = memoryview(text)
    while view:
        view = view[os.write(descriptor, view) :]
    os.ftruncate(descriptor, len(text))


def private_name(index: int, name: str) -> str:
    """The directory that only one container of an attempt sees. Sidecars have negative indexes."""
    return f"{name}{index}"


def _make(place: Path, inner: tuple[str, ...], opened: tuple[str, ...]) -> tuple[str, ...]:
    """Make directories of a place, those that everybody may write to ``opened``; their paths."""
    for names, mode in ((inner, 0o755), (opened, 0o777)):
        for name in names:
            os.mkdir(f"{place}/{name}")  # noqa: PTH102 - many of them an attempt: Path costs more than the call
            os.chmod(f"{place}/{name}", mode)  # noqa: PTH101 - as above
    directories = tuple(f"{place}/{name}" for name in (*opened, *inner))
    for directory in directories:
        os.utime(directory, (_LONG_AGO, _LONG_AGO))
    return directories


def _looks(directories: tuple[str, ...]) -> tuple[_Look, ...]:
    """What lstat says about each: any entry that comes or goes changes a time of modification."""
    found = []
    for directory in directories:
        status = os.lstat(directory)
        # Mode, number, device, links, owner, group.
        found.append((*status[:6], status.st_mtime_ns, status.st_ctime_ns))
    return tuple(found)
