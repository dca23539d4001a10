"""The directory that a step starts in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from holkas.extensions.executor import Mount

from holkas_builtin.runner.stream_copies import mount_of

WORKSPACE = "/workspace"
_BELOW = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def working_directory(given: str, *, of_image: bool = False) -> str:
    """The directory as the step sees it: relative means under /workspace, unset means /workspace itself.

    of_image: whether the image's own working directory is known to the executor, which Tekton uses when none is set.
    """
    if not given:
        return "" if of_image else WORKSPACE
    return given if given.startswith("/") else f"{WORKSPACE}/{given}"


def make_working_directory(path: str, mounts: Iterable[Mount]) -> None:
    """Make it where it lies under /workspace; elsewhere it has to be there (Tekton's entrypoint, workingDir)."""
    if not path.startswith(f"{WORKSPACE}/"):
        return
    mount = mount_of(path, mounts)
    if mount is not None and not mount.read_only:
        _make_below(mount.source, path[len(mount.target) :])


def _make_below(root: Path, relative: str) -> None:
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in relative.split("/"):
            if part in ("", "."):
                continue
            with suppress(FileExistsError):
                os.mkdir(part, 0o777, dir_fd=descriptor)
            try:
                below = os.open(part, _BELOW, dir_fd=descriptor)
            except OSError:
                return  # a link or a file: the start of the step will say what is wrong, seen from inside
            os.close(descriptor)
            descriptor = below
    finally:
        os.close(descriptor)
