"""The content of workspaces that outlives its run, for whoever goes on with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from holkas.state.run_directory import RunDirectory, remove_tree

from holkas_builtin.runner.claim_content import mend

CLAIMS = "claims"
"""What claims hold, by their names."""

HANDED_ON = "results"
"""Results with secrets in them, which the store must not have: for the run itself only, while it may go on."""


def keep_workspaces(directory: RunDirectory, *, goes_on: bool = False) -> None:
    """Remove everything from a run's working directory but what can be gone on from.

    goes_on: the run itself may, as it has not ended.
    """
    mend(directory.work / CLAIMS)
    kept = (CLAIMS, HANDED_ON) if goes_on else (CLAIMS,)
    for entry in _entries(directory.work):
        if entry.name not in kept:
            remove_tree(entry)
    if not any(_entries(directory.work / name) for name in kept):
        directory.remove_work()


def copy_workspaces(source: RunDirectory, target: RunDirectory) -> None:
    """Give a run the content of another one's workspaces. Raises OSError where it cannot be read or written."""
    mend(source.work / CLAIMS)
    if (source.work / CLAIMS).is_dir():
        target.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(source.work / CLAIMS, target.work / CLAIMS, symlinks=True)


def _entries(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
