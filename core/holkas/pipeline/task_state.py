"""What is known of one task of a running pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import Enum, auto
from typing import Any

from holkas.model.pipeline import PipelineTask
from holkas.model.record import Condition
from holkas.model.value import Value
from holkas.pipeline.custom_results import values_for_others
from holkas.pipeline.reasons import CustomRunReason, SkipReason, TaskRunReason, TaskStatus
from holkas.pipeline.references import ResultReference
from holkas.records import dataclass

Artifacts = tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]
"""Inputs and outputs of a task."""


_CANCELLED = (TaskRunReason.CANCELLED, CustomRunReason.CANCELLED)


class Phase(Enum):
    """Where a task stands; from SKIPPED, INVALID and ENDED it goes nowhere else."""

    WAITING = auto()
    RUNNING = auto()
    ENDED = auto()
    SKIPPED = auto()
    INVALID = auto()


@dataclass(slots=True, eq=False)
class ChildRun:
    """One run of a task; a task with a matrix has several.

    timed_out: it was told to end because a time-out of the pipeline run was reached.
    """

    name: str
    condition: Condition | None = None
    results: Mapping[str, Value] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Any]] = ()
    outputs: Sequence[Mapping[str, Any]] = ()
    timed_out: bool = False

    @property
    def failed(self) -> bool:
        """Whether it ended, and not well."""
        return self.condition is not None and not self.condition.succeeded

    @property
    def cancelled(self) -> bool:
        """Whether it ended because it was told to."""
        return self.condition is not None and self.failed and self.condition.reason in _CANCELLED


@dataclass(slots=True, eq=False)
class TaskState:
    """One task of the pipeline.

    task: variables that are known so far are replaced. declared: the same before any result was filled in.
    waiting: parents that are not done. parent_skipped: one of them was, and not by its when expressions.
    problem: why it cannot be started although it was due (phase INVALID).
    open_runs: runs that have not ended. aggregated: results of its combinations were asked for.
    """

    task: PipelineTask
    node: int
    is_finally: bool = False
    waiting: int = 0
    references: Sequence[ResultReference] = ()
    phase: Phase = Phase.WAITING
    skip_reason: SkipReason | None = None
    parent_skipped: bool = False
    problem: str = ""
    runs: list[ChildRun] = field(default_factory=list)
    open_runs: int = 0
    aggregated: bool = False
    declared: PipelineTask = field(init=False)

    def __post_init__(self) -> None:
        self.declared = self.task

    @property
    def name(self) -> str:
        """Name of the pipeline task."""
        return self.task.name

    @property
    def failure_ignored(self) -> bool:
        """Whether the pipeline goes on after a failure of this task."""
        return self.task.on_error == "continue"

    @property
    def any_failed(self) -> bool:
        """Whether a run of it failed."""
        return any(run.failed for run in self.runs)

    @property
    def succeeded(self) -> bool:
        """Whether all runs of it ended well."""
        return self.phase is Phase.ENDED and not self.any_failed

    @property
    def failed(self) -> bool:
        """Whether all runs of it ended and one failed."""
        return self.phase is Phase.ENDED and self.any_failed

    @property
    def status(self) -> TaskStatus:
        """The value of ``$(tasks.<name>.status)``."""
        if self.succeeded:
            return TaskStatus.SUCCEEDED
        return TaskStatus.FAILED if self.any_failed else TaskStatus.NONE

    @property
    def reason(self) -> str:
        """The value of ``$(tasks.<name>.reason)``: of the first run that failed, or else of the first one."""
        ended = [run.condition for run in self.runs if run.condition is not None]
        for condition in ended:
            if not condition.succeeded:
                return condition.reason
        return ended[0].reason if ended else ""

    def results(self) -> Mapping[str, Value]:
        """What it emitted; with a matrix the strings of all combinations that emitted one, by run name."""
        if self.task.matrix is None:
            return self.runs[0].results if self.runs else {}
        together: dict[str, list[str]] = {}
        for run in sorted(self.runs, key=lambda run: run.name):
            for name, value in run.results.items():
                # Tekton takes the string of whatever it is; arrays and objects have none.
                together.setdefault(name, []).append(value if isinstance(value, str) else "")
        return together

    def results_for_others(self) -> Mapping[str, Value]:
        """The same as references of other tasks find them; of a custom task with a matrix those of its first run."""
        if not self.task.custom_kind:
            return self.results()
        return values_for_others(self.runs[0].results if self.runs else {})

    def artifacts(self) -> Artifacts | None:
        """Its artifacts, those of all combinations together; None for none."""
        inputs = [artifact for run in self.runs for artifact in run.inputs]
        outputs = [artifact for run in self.runs for artifact in run.outputs]
        return (inputs, outputs) if inputs or outputs else None
