"""What happens during a run, one event after the other, for the state store, the live view and monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from holkas.records import dataclass


class RunEventKind(StrEnum):
    """Kinds of events, in the order in which they can appear; ``data`` holds what is named here.

    RUN_STARTED: ``kind`` (PipelineRun, TaskRun, CustomRun), ``name``, ``tasks`` (pipeline task names in the order of the
        file), ``finally_tasks``, ``pipeline`` (what the pipeline is called; the last two of a PipelineRun).
        TASK_STARTED: ``taskrun`` (its name), ``pipeline_task``, ``display_name``, ``steps`` (names), ``attempt``
        (from 0). STEP_STARTED: ``log`` (file relative to the run's directory). LOG: ``text`` (whole lines, secrets
        masked; never stored as an event). STEP_FINISHED: ``exit_code``, ``reason``, ``termination``, ``results``.
        TASK_FINISHED: ``pipeline_task``, ``status``, ``reason``, ``message``, ``results``, ``retried``, ``origin``
        (empty where it ran; ``run ID`` or ``cache ID`` where the outcome is that of the run ID). PIPELINE_FINISHED:
        ``pipeline_task``, ``status``, ``reason`` of a pipeline inside the pipeline. RUN_RESUMED: ``interrupted``
        (names of the task runs that had begun and not ended).
        TASK_SKIPPED: ``reason``. CANCEL_REQUESTED: ``mode``. NOTE: ``text``, ``level`` (info,
        warning). RUN_FINISHED: ``status``, ``reason``, ``message``, ``results``.
    """

    RUN_STARTED = "run-started"
    TASK_STARTED = "task-started"
    STEP_STARTED = "step-started"
    LOG = "log"
    STEP_FINISHED = "step-finished"
    TASK_FINISHED = "task-finished"
    PIPELINE_FINISHED = "pipeline-finished"
    RUN_RESUMED = "run-resumed"
    TASK_SKIPPED = "task-skipped"
    CANCEL_REQUESTED = "cancel-requested"
    NOTE = "note"
    RUN_FINISHED = "run-finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One event. ``task`` is the task run's name, ``step`` the step's; both empty where the event is the run's own."""

    time: float
    kind: RunEventKind
    run: str
    task: str = ""
    step: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
