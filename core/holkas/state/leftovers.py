"""What lies in a state directory and belongs to nothing any more."""

from __future__ import annotations

import time
from pathlib import Path

from holkas.state.lock import is_owned
from holkas.state.run_directory import RUN_ID
from holkas.state.store import Store

_YOUNG = 3600.0
"""Seconds in which a run may come to its row in the store."""


def stray_directories(store: Store) -> list[Path]:
    """Directories of runs whose process died before the store knew of the run."""
    known = {run.id for run in store.runs()}
    before = time.time() - _YOUNG
    return [
        entry
        for entry in _entries(store.root / "runs")
        if RUN_ID.fullmatch(entry.name) and entry.name not in known
        if entry.stat().st_mtime < before and not is_owned(store.directory(entry.name).lock)
    ]


def old_cache_entries(store: Store, before: float) -> list[Path]:
    """Files of the cache that were written before a time (seconds since the epoch)."""
    return [entry for entry in _entries(store.cache) if entry.stat().st_mtime < before]


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except FileNotFoundError:
        return []
