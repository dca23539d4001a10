"""Where a volume may be mounted, and from where. Both come from manifests, which nobody has to trust."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from holkas.extensions.executor import ExecutorError, Mount

FORBIDDEN = ("/proc", "/sys", "/dev")
"""Parts of the world that nothing may be mounted on or below; /dev/shm and such come from the executor."""


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
    real = os.path.realpath(mount.source)
    if within(str(mount.source), (str(directory),)) and not within(real, (os.path.realpath(directory),)):
        raise ExecutorError(f'"{mount.target}" cannot be mounted: a symbolic link leads out of its volume')
    return real


def within(path: str, roots: Iterable[str]) -> bool:
    """Whether a path is one of the roots or below one."""
    return any(path == root or path.startswith(root + "/") for root in roots)
