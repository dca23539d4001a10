"""Records: what became of a run, with the reasons spelled as Tekton spells them. Times are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.param import Param, Result
from holkas.model.pipeline import CustomTaskSpec, PipelineSpec
from holkas.model.reference import Reference, RefSource
from holkas.model.task import TaskSpec
from holkas.model.when import When
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The ``Succeeded`` condition: status ``True``, ``False`` or ``Unknown``."""

    status: str
    reason: str
    message: str = ""

    @property
    def done(self) -> bool:
        """Whether the run has ended."""
        return self.status != "Unknown"

    @property
    def succeeded(self) -> bool:
        """Whether the run ended well."""
        return self.status == "True"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What became of a step.

    exit_code: None while it has not ended.
    reason: the container's (``Completed``, ``Error``, ``OOMKilled``, ``TaskRunTimeout`` …).
    termination: Tekton's ``terminationReason`` (``Completed``, ``Continued``, ``Error``, ``TimeoutExceeded``,
        ``Skipped``, ``Cancelled``), empty while it runs.
    log: path of the log file, relative to the run's directory.
    image: the image it ran in, by digest (``name@sha256:…``), where the executor knows it.
    """

    name: str
    exit_code: int | None = None
    reason: str = ""
    termination: str = ""
    started: float | None = None
    finished: float | None = None
    results: tuple[Result, ...] = ()
    inputs: tuple[Mapping[str, Any], ...] = ()
    outputs: tuple[Mapping[str, Any], ...] = ()
    log: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRunRecord:
    """What became of a run of a task.

    params: after the pipeline's variables were substituted; the task's own defaults are not in it.
    ref_source: where a resolver found the task.
    custom_kind, custom_spec: of a CustomRun, see :class:`~holkas.model.run.TaskRun`.
    spec: as written; applied_spec: after substitution, as Tekton's ``status.taskSpec``.
    attempts: earlier attempts, oldest first (``retriesStatus``).
    inputs, outputs: artifacts with their provenance, as Tekton's ``status.artifacts``.
    combination: index in the matrix, or None.
    """

    name: str
    pipeline_task: str = ""
    combination: int | None = None
    display_name: str = ""
    condition: Condition = field(default_factory=lambda: Condition(status="Unknown", reason="Pending"))
    params: tuple[Param, ...] = ()
    when: tuple[When, ...] = ()
    ref: Reference | None = None
    ref_source: RefSource | None = None
    custom_kind: str = ""
    custom_spec: CustomTaskSpec | None = None
    spec: TaskSpec | None = None
    applied_spec: TaskSpec | None = None
    started: float | None = None
    finished: float | None = None
    results: tuple[Result, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    sidecars: tuple[StepRecord, ...] = ()
    attempts: tuple[TaskRunRecord, ...] = ()
    inputs: tuple[Mapping[str, Any], ...] = ()
    outputs: tuple[Mapping[str, Any], ...] = ()
    executor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedTask:
    """A task that did not start, with Tekton's reason."""

    name: str
    reason: str
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRunRecord:
    """What became of a run of a pipeline. ``children`` in the order in which they were started.

    pipeline_task: the task of the parent pipeline that this run is, empty at the top.
    ref_source: where a resolver found the pipeline.
    """

    name: str
    pipeline_task: str = ""
    condition: Condition = field(default_factory=lambda: Condition(status="Unknown", reason="Started"))
    params: tuple[Param, ...] = ()
    ref_source: RefSource | None = None
    spec: PipelineSpec | None = None
    started: float | None = None
    finished: float | None = None
    finally_started: float | None = None
    results: tuple[Result, ...] = ()
    children: tuple[TaskRunRecord | PipelineRunRecord, ...] = ()
    skipped: tuple[SkippedTask, ...] = ()


RunRecord = TaskRunRecord | PipelineRunRecord
