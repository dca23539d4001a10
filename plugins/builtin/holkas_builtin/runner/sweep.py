"""Ends and removes what a run whose process died has left in the working directories.

Its events, logs and results stay.
"""

from __future__ import annotations

import signal
from pathlib import Path

from holkas.state.lock import is_owned
from holkas.state.run_directory import RUN_ID, remove_tree
from holkas.state.store import Store

from holkas_builtin.executors import survivors
from holkas_builtin.runner.run_context import secrets_root


def sweep(store: Store) -> None:
    """Look at every working directory; those whose run still lives are left alone."""
    secrets = secrets_root("x", store.directory("x").work).parent
    for parent in (store.root / "work", secrets):
        for leftover in _entries(parent):
            if RUN_ID.fullmatch(leftover.name) and not is_owned(store.directory(leftover.name).lock):
                survivors.send(survivors.at_home_in(leftover), signal.SIGKILL)
                remove_tree(leftover)


def _entries(parent: Path) -> list[Path]:
    """What lies in a directory now; nothing where it is gone: another run's end removes an empty one at any moment."""
    try:
        return sorted(parent.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
