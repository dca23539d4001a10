"""Content of files and trees, held in memory."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Content:
    """A file, or a tree of files and links.

    files: path (empty for a file alone) → its permission bits and bytes. links: path → what it points to.
    directories: every directory of a tree, each behind the one that it is in.
    """

    files: dict[str, tuple[int, bytes]]
    links: dict[str, str]
    directories: tuple[str, ...] = ()

    def write(self, path: Path) -> None:
        """Lay it down at a path."""
        for relative in self.directories:
            (path / relative).mkdir(parents=True, exist_ok=True)
        for relative, (mode, data) in self.files.items():
            place = path / relative if relative else path
            place.write_bytes(data)
            if mode & stat.S_IXUSR:
                place.chmod(mode)
        for relative, target in self.links.items():
            (path / relative).symlink_to(target)


def content_of(path: Path) -> Content:
    """What lies at a path; a link that is the path itself is followed."""
    if not path.is_dir():
        return Content({"": (stat.S_IMODE(path.stat().st_mode), path.read_bytes())}, {})
    found = Content({}, {}, tuple(_directories(path)))
    for relative in found.directories:
        for entry in (path / relative).iterdir():
            name = os.path.relpath(entry, path)
            if entry.is_symlink():
                found.links[name] = str(entry.readlink())
            elif entry.is_file():
                found.files[name] = (stat.S_IMODE(entry.stat().st_mode), entry.read_bytes())
    return found


def _directories(path: Path) -> list[str]:
    return sorted(os.path.relpath(directory, path) for directory, _, _ in os.walk(path))
