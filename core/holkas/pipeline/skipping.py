"""Whether a task that is due starts, is skipped, or cannot be run (Tekton's pipelinerunresolution.go)."""

from __future__ import annotations

from holkas.model.pipeline import PipelineTask
from holkas.pipeline.apply_results import apply_results
from holkas.pipeline.matrix import has_empty_array
from holkas.pipeline.reasons import SkipReason
from holkas.pipeline.references import references_in, references_in_value
from holkas.pipeline.results_state import missing_result, validation_problem
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import TaskState
from holkas.pipeline.when import allows


def judge(run: RunState, state: TaskState) -> SkipReason | None:
    """Why a task of the graph whose parents are done is skipped, None to start it.

    Results are filled in. Where one is missing and that is no reason to skip, ``state.problem`` says so.
    Raises CelError for a condition that cannot be evaluated.
    """
    if state.name in run.facts.left_out:
        return SkipReason.LEFT_OUT
    missing = missing_result(run, state)
    if missing is None:
        state.task = apply_results(state.task, run.results)
    if not allows(state.task.when):
        return SkipReason.WHEN_EXPRESSIONS
    if state.parent_skipped:
        return SkipReason.PARENT_TASKS
    if missing is not None and missing.producer is not None and _mentions_results(state.task):
        by_when = missing.producer.skip_reason is SkipReason.WHEN_EXPRESSIONS
        if state.failure_ignored or by_when:
            return SkipReason.MISSING_RESULTS
    if run.tasks_timed_out:
        return SkipReason.TASKS_TIMED_OUT
    if _empty(state.task):
        return SkipReason.EMPTY_ARRAY_IN_MATRIX_PARAMS
    if missing is not None:
        state.problem = validation_problem(run, state)
    return None


def judge_finally(run: RunState, state: TaskState) -> SkipReason | None:
    """Why a finally task is skipped, None to start it. A missing result skips only the task that needs it.

    Raises CelError.
    """
    if state.name in run.facts.left_out:
        return SkipReason.LEFT_OUT
    if missing_result(run, state) is not None:
        return SkipReason.MISSING_RESULTS
    state.task = apply_results(state.task, run.results)
    if not allows(state.task.when):
        return SkipReason.WHEN_EXPRESSIONS
    return SkipReason.EMPTY_ARRAY_IN_MATRIX_PARAMS if _empty(state.task) else None


def _empty(task: PipelineTask) -> bool:
    matrix = task.matrix
    return matrix is not None and (has_empty_array(matrix) or not (matrix.params or matrix.include))


def _mentions_results(task: PipelineTask) -> bool:
    """Whether params or when expressions refer to results: Tekton skips for want of these only.

    A task that needs a missing result in its matrix or its steps alone fails validation instead.
    """
    references = (
        *(found for param in task.params for found in references_in_value(param.value)),
        *(
            found
            for when in task.when
            for text in (when.input, *when.values)
            for found in references_in(text)
        ),
    )
    return any(found.scope == "tasks" and "results" in found.names for found in references)
