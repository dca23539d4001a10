"""What :class:`~holkas.pipeline.progress.Progress` tells a runner to do."""

from __future__ import annotations

from dataclasses import field

from holkas.model.param import Param, Result
from holkas.model.pipeline import PipelineTask
from holkas.model.record import Condition, SkippedTask
from holkas.model.when import When
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A run of a task (or of a child pipeline) that is to be started now.

    name: the child run's name, ``<run>-<task>`` or ``<run>-<task>-<index>``, never over 63 characters.
    pipeline_task: with every variable of the pipeline substituted; its ``params`` are those without the matrix.
    combination: index in the matrix, or None.
    params: all that the pipeline passes, the combination's own included; not the task's own defaults.
    when: the when expressions as they were evaluated.
    retries: further attempts after a failure; the runner makes them, Progress hears of the last one only.
    timeout: seconds for each attempt, 0 for none, None for the default (60 minutes).
    """

    name: str
    pipeline_task: PipelineTask
    combination: int | None = None
    display_name: str = ""
    params: tuple[Param, ...] = ()
    when: tuple[When, ...] = ()
    retries: int = 0
    timeout: float | None = None
    is_finally: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A running child run that is to be ended, with the reason and message that its condition then bears.

    reason: ``TaskRunCancelled``, also where a time-out of the pipeline run is the cause, as in Tekton.
    """

    taskrun: str
    reason: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """How the pipeline run ended."""

    condition: Condition
    results: tuple[Result, ...] = ()
    skipped: tuple[SkippedTask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from one event; empty where nothing does.

    skipped: tasks newly skipped, each appears once in a run.
    finally_started: this decision is the first one to start (or skip) finally tasks.
    conclusion: set once, by the decision that ends the run.
    """

    launch: tuple[Launch, ...] = ()
    skipped: tuple[SkippedTask, ...] = ()
    cancel: tuple[Cancellation, ...] = field(default=())
    finally_started: bool = False
    conclusion: Conclusion | None = None
