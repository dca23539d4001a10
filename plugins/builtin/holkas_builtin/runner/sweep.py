"""Ends and removes what runs whose process died have left in the working directories.

Their events, logs and results stay; so does, of the newest that did not succeed, the content of their workspaces, for
whoever goes on with them. Secrets go in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from holkas.roles.errors import ToolError
from holkas.state.lock import OwnerLock, is_owned
from holkas.state.run_directory import RUN_ID, RunDirectory, remove_tree
from holkas.state.run_summary import INTERRUPTED
from holkas.state.store import Store

from holkas_builtin.executors import survivors
from holkas_builtin.runner.run_context import secrets_root
from holkas_builtin.runner.workspaces_kept import keep_workspaces

_LONGEST = 10.0
"""Seconds in which a killed process must be gone."""


def sweep(store: Store, keep: int = 0) -> None:
    """Look at every working directory; those whose run still lives are left alone.

    keep: so many of those that did not succeed keep their workspaces.
    """
    secrets = secrets_root("x", store.directory("x").work).parent
    for leftover in _dead(secrets, store):
        with _owned(store.directory(leftover.name)) as mine:
            if mine:
                _end(leftover)
                remove_tree(leftover)
    leftovers = sorted(_dead(store.root / "work", store), reverse=True)  # ids begin with the time
    if not leftovers:
        return
    runs = {run.id: run.state == INTERRUPTED for run in store.runs() if run.status != "True"}
    for leftover in leftovers:
        with _owned(store.directory(leftover.name)) as mine:
            if not mine:
                continue
            _end(leftover)
            if keep > 0 and leftover.name in runs:
                keep_workspaces(store.directory(leftover.name), goes_on=runs[leftover.name])
                keep -= leftover.exists()
            else:
                remove_tree(leftover)


def end_leftovers(directory: RunDirectory) -> None:
    """End what a dead run's steps left running, wait for it, and remove all but the workspaces."""
    mark = f"/work/{directory.path.name}/places/"
    left = survivors.end_all(
        lambda: chain(survivors.at_home_in(directory.work), survivors.mounting(mark)), _LONGEST
    )
    if left:
        raise ToolError(f"processes of the run still live: {', '.join(map(str, left))}")
    keep_workspaces(directory, goes_on=True)
    remove_tree(secrets_root(directory.path.name, directory.work))


@contextmanager
def _owned(directory: RunDirectory) -> Iterator[bool]:
    """Own a run while something of it is removed, so that nobody goes on with it; False when somebody does."""
    if not directory.path.is_dir():
        yield True
        return
    lock = OwnerLock(directory.lock)
    mine = lock.take()
    try:
        yield mine
    finally:
        lock.release()


def _dead(parent: Path, store: Store) -> list[Path]:
    return [
        entry
        for entry in _entries(parent)
        if RUN_ID.fullmatch(entry.name) and not is_owned(store.directory(entry.name).lock)
    ]


def _end(leftover: Path) -> None:
    survivors.end_all(lambda: survivors.at_home_in(leftover), _LONGEST)


def _entries(parent: Path) -> list[Path]:
    """What lies in a directory now; nothing where it is gone: another run's end removes an empty one at any moment."""
    try:
        return sorted(parent.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
