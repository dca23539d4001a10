"""Mounts as options of an engine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from holkas.extensions.executor import ExecutorError, Mount

from holkas_builtin.executors import mount_points


def options(mounts: Iterable[Mount], directory: Path) -> Iterator[str]:
    """One for each mount; of several at one place the last one counts.

    directory: the attempt's own. Raises ExecutorError for hostile mount points and for links that lead out.
    """
    by_target = {mount_points.checked(mount.target): mount for mount in mounts}
    for target in sorted(by_target):
        mount = by_target[target]
        source = mount_points.source(mount, directory)
        if not os.path.lexists(source):
            raise ExecutorError(f'"{target}" cannot be mounted: there is no {source}')
        words = ["type=bind", f"src={source}", f"dst={target}"]
        if mount.read_only:
            words.append("readonly=true")
        yield f"--mount={','.join(_word(word) for word in words)}"


def _word(word: str) -> str:
    """A field as Go's reader of comma-separated values takes it."""
    if any(character in word for character in "\n\r\0"):
        raise ExecutorError(f"{word[:80]!r} cannot be mounted: the path has a line break")
    return '"' + word.replace('"', '""') + '"' if any(character in word for character in ',"') else word
