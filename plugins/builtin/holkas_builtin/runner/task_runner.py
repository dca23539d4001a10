"""Carries out one task run: its attempts, each in a place of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.model.record import Condition, TaskRunRecord
from holkas.model.task import TaskSpec
from holkas.pipeline.admission import refuse_task_run
from holkas.pipeline.reasons import TaskRunReason
from holkas.records import replace
from holkas.state.run_directory import remove_tree

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.attempt import Attempt
from holkas_builtin.runner.place import secrets_of
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_record import blank_record
from holkas_builtin.runner.task_telling import tell_finished, tell_started
from holkas_builtin.runner.waits import apart, carried_out

if TYPE_CHECKING:
    from holkas_builtin.runner.task_cache import TaskCache

Ended = Callable[[TaskRunRecord], None]


async def run_task(
    assignment: TaskAssignment,
    context: RunContext,
    earlier: Sequence[TaskRunRecord] = (),
    ended: Ended = lambda record: None,
    cache: TaskCache | None = None,
) -> TaskRunRecord:
    """Carry it out and return what became of it. Never raises for what a manifest or a step does wrong.

    earlier: attempts that another process has seen fail. ended: called with the outcome as soon as it is recorded, for
    one task after the other in the order of the records. cache: where its outcome is looked for first.
    """
    run = assignment.run
    if run.custom_kind:
        from holkas_builtin.runner.custom_task_run import run_custom_task

        return await run_custom_task(assignment, context, ended)
    record = blank_record(assignment, context)
    unresolved = context.catalog.unresolved.get(("Task", run.ref.key), "") if run.ref is not None else ""
    refusal = refuse_task_run(run, record.spec, unresolved)
    if refusal is not None or record.spec is None:
        assert refusal is not None, "admission refuses a run without a task"
        tell_started(assignment, context, record.spec or TaskSpec(), 0)
        record = replace(record, condition=refusal, finished=time.time())
        tell_finished(assignment, context, record, 0, then=lambda: ended(record))
        return record
    attempts = partial(_attempts, assignment, context, record, record.spec, earlier)
    if cache is None or earlier:
        outcome = await attempts()
    else:
        found = cache.carry_out(assignment, context, record, lambda: carried_out(attempts()))
        if not isinstance(found, TaskRunRecord):
            tell_finished(
                assignment,
                context,
                found.record,
                0,
                origin=f"cache {found.run}",
                then=lambda: ended(found.record),
            )
            return found.record
        outcome = found
    tell_finished(assignment, context, outcome, len(outcome.attempts), then=partial(ended, outcome))
    return outcome


async def _attempts(
    assignment: TaskAssignment,
    context: RunContext,
    record: TaskRunRecord,
    spec: TaskSpec,
    earlier: Sequence[TaskRunRecord],
) -> TaskRunRecord:
    """Attempts until one succeeds or none is left; the end of the last one is not recorded yet."""
    attempts = [*earlier]
    retries = assignment.run.retries if context.debugging is None else 0
    for number in range(min(len(attempts), retries), retries + 1):
        tell_started(assignment, context, spec, number)
        attempt = await _attempt(assignment, context, record, spec, number)
        if number == retries or not _is_retried(attempt.condition):
            return replace(attempt, attempts=tuple(attempts)) if attempts else attempt
        tell_finished(assignment, context, attempt, number, retried=True)
        attempts.append(attempt)
    raise AssertionError("the last attempt is never retried")


def _is_retried(condition: Condition) -> bool:
    """Any failure but a cancellation (TEKTON.md, Time-outs and retries)."""
    return condition.status == "False" and condition.reason != TaskRunReason.CANCELLED


async def _attempt(
    assignment: TaskAssignment, context: RunContext, record: TaskRunRecord, spec: TaskSpec, number: int
) -> TaskRunRecord:
    directory = context.places.take(len(spec.steps))
    attempt = Attempt(assignment, context, spec, directory, number)
    try:
        return await attempt.carry_out(replace(record, started=time.time()))
    finally:
        attempt.close()
        if not (attempt.is_plain and context.places.keep(directory)):
            await apart(lambda: _remove(directory, context))


def _remove(directory: Path, context: RunContext) -> None:
    remove_tree(secrets_of(directory, context))
    context.places.remove(directory)
