"""Finds what runs whose process died have left in the working directories, and has it ended and removed.

Their events, logs and results stay; so does, of the newest that did not succeed, the content of their workspaces, for
whoever goes on with them. Secrets go in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holkas.state.lock import OwnerLock, is_owned
from holkas.state.run_directory import RUN_ID, RunDirectory
from holkas.state.run_summary import INTERRUPTED
from holkas.state.store import Store

from holkas_builtin.runner.run_context import secrets_root


def sweep(store: Store, keep: int = 0) -> None:
    """Look at every working directory; those whose run still lives are left alone.

    keep: so many of those that did not succeed keep their workspaces.
    """
    secrets = _dead(secrets_root("x", store.directory("x").work).parent, store)
    leftovers = sorted(_dead(store.root / "work", store), reverse=True)  # ids begin with the time
    if not secrets and not leftovers:
        return
    from holkas_builtin.runner.leftovers import keep_of, remove  # most runs find nothing

    for leftover in secrets:
        with _owned(store.directory(leftover.name)) as mine:
            if mine:
                remove(leftover)
    runs = {run.id: run.state == INTERRUPTED for run in store.runs() if run.status != "True"}
    for leftover in leftovers:
        with _owned(store.directory(leftover.name)) as mine:
            if not mine:
                continue
            if keep > 0 and leftover.name in runs:
                keep_of(store.directory(leftover.name), goes_on=runs[leftover.name])
                keep -= leftover.exists()
            else:
                remove(leftover)


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


def _entries(parent: Path) -> list[Path]:
    """What lies in a directory now; nothing where it is gone: another run's end removes an empty one at any moment."""
    try:
        return sorted(parent.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
