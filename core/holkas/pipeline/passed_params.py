"""Whether the params that a pipeline passes fit the task that gets them, once results have been filled in."""

from __future__ import annotations

from collections.abc import Iterable

from holkas.model.param import Param
from holkas.model.pipeline import Matrix
from holkas.pipeline.apply_results import apply_results
from holkas.pipeline.params_check import check_enums, check_passed_params
from holkas.pipeline.results_state import missing_result
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import TaskState


def misfit(run: RunState, state: TaskState) -> str:
    """Tekton's words for params of a task that has not started and all of whose results are known; empty if they fit.

    Tekton looks at every task whenever something has ended, also at those that are skipped in the end
    (ValidateResolvedTask, called by the pipeline run reconciler).
    """
    spec = run.facts.task_specs.get(state.name)
    if spec is None or state.runs or missing_result(run, state) is not None:
        return ""
    task = apply_results(state.task, run.results)
    name = task.ref.name if task.ref is not None else ""
    problem = check_passed_params(spec, task.params, task=name, matrix=matrix_params(task.matrix))
    return "" if problem is None else problem.message


def not_in_enum(run: RunState, state: TaskState, params: Iterable[Param]) -> str:
    """Tekton's words for a value that the task which is about to start does not allow; empty if there is none."""
    spec = run.facts.task_specs.get(state.name)
    problem = None if spec is None else check_enums(spec.params, tuple(params))
    return (
        "" if problem is None else f'Invalid param value from PipelineTask "{state.name}": {problem.message}'
    )


def matrix_params(matrix: Matrix | None) -> list[Param]:
    """The params of a matrix and of all that it includes."""
    if matrix is None:
        return []
    return [*matrix.params, *(param for include in matrix.include for param in include.params)]
