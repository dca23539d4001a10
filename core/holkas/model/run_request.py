"""What a build server is asked to do."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from holkas.model.catalog import Catalog
from holkas.model.run import Run
from holkas.records import dataclass


class CancelMode(StrEnum):
    """How a run is ended before its time; spelled as Tekton's ``spec.status``."""

    CANCELLED = "Cancelled"
    RUN_FINALLY = "CancelledRunFinally"
    STOP = "StoppedRunFinally"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is carried out; nothing here changes its meaning.

    jobs: tasks at the same time, 0 for a number fit for the machine.
    executor: name of the executor, or ``auto``.
    """

    jobs: int = 0
    executor: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run with all that it refers to.

    source: the file's name as the user wrote it. text: the manifest as it was read, kept with the run.
    command: the words that start the same run again.
    """

    run: Run
    catalog: Catalog = field(default_factory=Catalog)
    options: RunOptions = field(default_factory=RunOptions)
    source: str = ""
    text: str = ""
    command: tuple[str, ...] = ()
