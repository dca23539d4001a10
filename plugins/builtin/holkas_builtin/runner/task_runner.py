"""Carries out one task run: its attempts, each in a place of its own."""

from __future__ import annotations

import time
from dataclasses import replace

from holkas.model.record import Condition, TaskRunRecord
from holkas.model.run_event import RunEventKind
from holkas.model.task import TaskSpec
from holkas.pipeline.admission import refuse_task_run
from holkas.pipeline.reasons import TaskRunReason
from holkas.state.run_directory import remove_tree

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.attempt import Attempt
from holkas_builtin.runner.place import secrets_of
from holkas_builtin.runner.propagation import declare_propagated
from holkas_builtin.runner.run_context import RunContext


def run_task(assignment: TaskAssignment, context: RunContext) -> TaskRunRecord:
    """Carry it out and return what became of it. Never raises for what a manifest or a step does wrong."""
    run = assignment.run
    spec = run.spec
    if spec is not None and run.ref is None:
        spec = declare_propagated(spec, (binding.name for binding in run.workspaces))
    record = TaskRunRecord(
        name=run.name,
        pipeline_task=assignment.pipeline_task,
        combination=assignment.combination,
        display_name=assignment.display_name,
        params=run.params,
        when=assignment.when,
        ref=run.ref,
        spec=spec,
        started=time.time(),
        executor=context.executor.name,
    )
    refusal = refuse_task_run(run, spec)
    if refusal is not None or spec is None:
        assert refusal is not None, "admission refuses a run without a task"
        _tell_started(assignment, context, spec or TaskSpec(), 0)
        record = replace(record, condition=refusal, finished=time.time())
        _tell_finished(assignment, context, record, retried=False)
        return record
    earlier: list[TaskRunRecord] = []
    for number in range(run.retries + 1):
        _tell_started(assignment, context, spec, number)
        attempt = _attempt(assignment, context, record, spec, number)
        retried = number < run.retries and _is_retried(attempt.condition)
        _tell_finished(assignment, context, attempt, retried=retried)
        if not retried:
            return replace(attempt, attempts=tuple(earlier))
        earlier.append(replace(attempt, name=run.name))
    raise AssertionError("the last attempt is never retried")


def _is_retried(condition: Condition) -> bool:
    """Any failure but a cancellation (TEKTON.md, Time-outs and retries)."""
    return condition.status == "False" and condition.reason != TaskRunReason.CANCELLED


def _attempt(
    assignment: TaskAssignment, context: RunContext, record: TaskRunRecord, spec: TaskSpec, number: int
) -> TaskRunRecord:
    directory = context.places.take(len(spec.steps))
    attempt = Attempt(assignment, context, spec, directory, number)
    try:
        return attempt.carry_out(replace(record, started=time.time()))
    finally:
        attempt.close()
        remove_tree(secrets_of(directory, context))
        context.places.give_back(directory, reusable=attempt.is_plain)


def _tell_started(assignment: TaskAssignment, context: RunContext, spec: TaskSpec, number: int) -> None:
    context.journal.hold(
        RunEventKind.TASK_STARTED,
        task=assignment.run.name,
        taskrun=assignment.run.name,
        pipeline_task=assignment.pipeline_task,
        display_name=assignment.display_name,
        attempt=number,
        steps=[step.name or f"unnamed-{index}" for index, step in enumerate(spec.steps)],
    )


def _tell_finished(
    assignment: TaskAssignment, context: RunContext, record: TaskRunRecord, *, retried: bool
) -> None:
    context.journal.tell(
        RunEventKind.TASK_FINISHED,
        task=record.name,
        pipeline_task=record.pipeline_task,
        status=record.condition.status,
        reason=record.condition.reason,
        message=record.condition.message,
        results={result.name: result.value for result in record.results},
        retried=retried,
    )
