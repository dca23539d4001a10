"""Files that also get a step's output (``stdoutConfig``, ``stderrConfig``)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from holkas.extensions.executor import ExecutorError, Mount
from holkas.model.step import Step

from holkas_builtin.runner.beneath import NotPlain, open_beneath

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@contextmanager
def stream_copies(step: Step, mounts: Iterable[Mount]) -> Iterator[tuple[int | None, int | None]]:
    """Descriptors for stdout and stderr, one and the same when both paths are; None where no copy is wanted.

    mounts: all that the step sees, the later ones in front. Raises ExecutorError.
    """
    opened: dict[str, int] = {}
    try:
        for path in {step.stdout_path, step.stderr_path} - {""}:
            opened[path] = _open(path, mounts)
        yield opened.get(step.stdout_path), opened.get(step.stderr_path)
    finally:
        for descriptor in opened.values():
            os.close(descriptor)


def _open(path: str, mounts: Iterable[Mount]) -> int:
    """The file on the host: we write it ourselves, so what the step may not write we must not either."""
    mount = mount_of(path, mounts)
    if mount is None:
        raise ExecutorError(f"{path}: the stream can only be written to a workspace, a volume or /tekton")
    if mount.read_only:
        raise ExecutorError(f"{path}: the stream cannot be written there: {mount.target} is read-only")
    try:
        return open_beneath(mount.source, path[len(mount.target) :], _FLAGS, create_parents=True)
    except (NotPlain, FileNotFoundError) as error:
        raise ExecutorError(f"{path}: the stream cannot be written there: {error}") from error


def mount_of(path: str, mounts: Iterable[Mount]) -> Mount | None:
    """The mount that a path of the step's world lies in, the deepest one; None for a path of the image."""
    found = None
    for mount in mounts:
        target = mount.target.rstrip("/")
        if path == target or path.startswith(f"{target}/"):
            found = mount if found is None or len(target) >= len(found.target.rstrip("/")) else found
    return found
