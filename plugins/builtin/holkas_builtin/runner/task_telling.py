"""Records the begin and the end of a task run's attempts."""

from __future__ import annotations

from collections.abc import Callable

from holkas.model.record import TaskRunRecord
from holkas.model.run_event import RunEventKind
from holkas.model.task import TaskSpec

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.kept_outcome import kept_outcome
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_record import digests_of


def tell_started(assignment: TaskAssignment, context: RunContext, spec: TaskSpec, number: int) -> None:
    """Record the begin of an attempt, with its next event."""
    context.journal.hold(
        RunEventKind.TASK_STARTED,
        task=assignment.run.name,
        taskrun=assignment.run.name,
        pipeline_task=assignment.pipeline_task,
        display_name=assignment.display_name,
        attempt=number,
        steps=[step.name or f"unnamed-{index}" for index, step in enumerate(spec.steps)],
    )


def tell_finished(
    assignment: TaskAssignment,
    context: RunContext,
    record: TaskRunRecord,
    number: int,
    *,
    retried: bool = False,
    origin: str = "",
    then: Callable[[], None] | None = None,
) -> None:
    """Record the end of an attempt with all that a later process needs to go on from it."""
    context.journal.tell(
        RunEventKind.TASK_FINISHED,
        task=record.name,
        pipeline_task=record.pipeline_task,
        status=record.condition.status,
        reason=record.condition.reason,
        message=record.condition.message,
        results={result.name: result.value for result in record.results},
        retried=retried,
        origin=origin,
        kept=kept_outcome(assignment, context, record, digests_of(assignment, context), number),
        then=then,
    )
