"""Where a volume may be mounted, and from where. Both come from manifests, which nobody has to trust."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from holkas.extensions.executor import ExecutorError, Mount

FORBIDDEN = ("/proc", "/sys", "/dev")
"""Parts of the world that nothing may be mounted on or below; /dev/shm and such come from the executor."""


@lru_cache(maxsize=256)
def checked(target: str) -> str:
    """A mount point in its shortest form. Raises ExecutorError for one that is relative or leads upwards."""
    if not target.startswith("/") or "\0" in target:
        raise ExecutorError(f'a volume must be mounted at an absolute path, not at "{target}"')
    if ".." in target.split("/"):
        raise ExecutorError(f'a mount path must not contain "..": "{target}"')
    path = posixpath.normpath(target).replace("//", "/")
    if path == "/" or within(path, FORBIDDEN):
        raise ExecutorError(f'a volume must not be mounted at "{target}"')
    return path


def source(mount: Mount, directory: Path) -> str:
    """Where a mount's source really lies. ``directory``: the attempt's own.

    Raises ExecutorError for a source in that directory from which a symbolic link, which a step may have planted,
    leads out of it.
    """
    path, own = str(mount.source), str(directory)
    if not (path.startswith(f"{own}/") or path == own):
        return os.path.realpath(path)
    real = _real(own)
    inside = real + path[len(own) :]
    # Only what lies below can have been changed by a step, and as a rule none of it is a link.
    if not _has_links(inside, len(real)):
        return inside
    found = os.path.realpath(inside)
    if not within(found, (real,)):
        raise ExecutorError(f'"{mount.target}" cannot be mounted: a symbolic link leads out of its volume')
    return found


@lru_cache(maxsize=256)
def _real(directory: str) -> str:
    """An attempt's directory is ours and stays where it is."""
    return os.path.realpath(directory)


def _has_links(path: str, start: int) -> bool:
    """Whether a component of a path behind its first ``start`` characters is a link or is missing."""
    end = path.find("/", start + 1)
    try:
        while end > 0:
            if stat.S_ISLNK(os.lstat(path[:end]).st_mode):
                return True
            end = path.find("/", end + 1)
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return True


def within(path: str, roots: Iterable[str]) -> bool:
    """Whether a path is one of the roots or below one."""
    return any(path == root or path.startswith(root + "/") for root in roots)
