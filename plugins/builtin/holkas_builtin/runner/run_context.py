"""What all tasks of one run share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.extensions.executor import Executor
from holkas.model.catalog import Catalog
from holkas.model.run_request import Debugging
from holkas.model.value import Value
from holkas.records import dataclass
from holkas.state.run_directory import RunDirectory

from holkas_builtin.runner.claim_content import ClaimUse
from holkas_builtin.runner.journal import Journal
from holkas_builtin.runner.place_pool import PlacePool
from holkas_builtin.runner.result_limits import ResultLimits
from holkas_builtin.runner.run_clock import RunClock

if TYPE_CHECKING:
    from holkas.plugins.provider import PluginLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """One run's tools and directories. ``secrets`` lies in memory where the system has such a place.

    key: of the store, for fingerprints. left_out: see RunRequest.
    first_on_path, debugging: see RunOptions. plugins: where the tools of custom tasks are found.
    """

    run_id: str
    namespace: str
    catalog: Catalog
    executor: Executor
    journal: Journal
    directory: RunDirectory
    secrets: Path
    places: PlacePool
    key: bytes = b""
    clock: RunClock = field(default_factory=RunClock)
    claim_use: ClaimUse = field(default_factory=ClaimUse)
    left_out: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    first_on_path: str = ""
    debugging: Debugging | None = None
    limits: ResultLimits = field(default_factory=ResultLimits)
    plugins: PluginLookup | None = None

    def claim(self, name: str) -> Path:
        """The directory behind a PersistentVolumeClaim; it lasts for the run."""
        path = self.directory.work / "claims" / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def secrets_root(run_id: str, fallback: Path) -> Path:
    """A directory for secret files that no disk keeps, where there is one; named so that a later run can sweep it."""
    memory = Path("/dev/shm")  # noqa: S108 - the system's own memory file system; the directory below is 0700
    if memory.is_dir() and os.access(memory, os.W_OK):
        return memory / f"holkas-{os.getuid()}-{_store_mark(fallback)}" / run_id
    return fallback / "secrets"


def _store_mark(work: Path) -> str:
    """Tells stores apart, so that one never sweeps what belongs to another."""
    return hashlib.sha256(os.fsencode(work.parent)).hexdigest()[:12]
