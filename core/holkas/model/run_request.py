"""What a build server is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.run import Run
from holkas.model.value import Value
from holkas.records import dataclass


class CancelMode(StrEnum):
    """How a run is ended before its time; spelled as Tekton's ``spec.status``."""

    CANCELLED = "Cancelled"
    RUN_FINALLY = "CancelledRunFinally"
    STOP = "StoppedRunFinally"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debugging:
    """Something else is started in the place of one step; nothing after it runs, and no other task does.

    run: id of the run whose workspaces are looked at. task_run, step: names. argv: what is started; with
    ``terminal``, the path of a directory with the pipes of a terminal, a shell that has them as its streams.
    """

    run: str
    task_run: str
    step: str
    argv: tuple[str, ...] = ()
    terminal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is carried out; nothing here changes its meaning.

    jobs: tasks at the same time, 0 for a number fit for the machine.
    executor: name of the executor, or ``auto``.
    cache: take a task's outcome from an earlier run where nothing that it depends on has changed.
    keep_workspaces: claims of so many runs that did not succeed are kept, the newest ones, for who goes on with them.
    pull: when images are fetched (``always``, ``missing``, ``never``), empty for what the executor is set to.
    first_on_path: a directory of this machine whose programs, in ``bin``, steps find before all others and which they
        may write to; empty for none. Stubs of tools lie there.
    results_from: ``files``, or where a cluster takes results from: ``termination-message``, ``sidecar-logs``.
    max_result_size: bytes of one result in a sidecar's log.
    """

    jobs: int = 0
    executor: str = "auto"
    cache: bool = False
    keep_workspaces: int = 3
    pull: str = ""
    first_on_path: str = ""
    debugging: Debugging | None = None
    results_from: str = "files"
    max_result_size: int = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run with all that it refers to.

    source: the file's name as the user wrote it. text: the manifest as it was read, kept with the run.
    command: the words that start the same run again.
    left_out: pipeline tasks that are not to run, each with those of its results that are known.
    follows: id of a run whose good outcomes are taken over as far as they still hold.
    origin: how the command line makes this request again (JSON), kept with the run.
    """

    run: Run
    catalog: Catalog = field(default_factory=Catalog)
    options: RunOptions = field(default_factory=RunOptions)
    source: str = ""
    text: str = ""
    command: tuple[str, ...] = ()
    left_out: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    follows: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)
