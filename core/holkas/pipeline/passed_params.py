"""Whether the params that a pipeline passes fit the task that gets them, once results have been filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holkas.model.param import Param, ParamSpec
from holkas.model.pipeline import Matrix, PipelineTask
from holkas.model.task import TaskSpec
from holkas.model.value import ValueType
from holkas.pipeline.apply_results import apply_results
from holkas.pipeline.params_check import check_enums, check_passed_params
from holkas.pipeline.references import references_in_value
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


def enum_too_wide(task: PipelineTask, declared: Sequence[ParamSpec], spec: TaskSpec) -> str:
    """Tekton's words for a param of the pipeline that allows more than the param of a task it is passed to; or empty.

    task: as it is written, variables not replaced. declared: the pipeline's params. Only values that mention exactly
    one param count, and the first of them that has nothing to do with enums ends the search, as with Tekton
    (ValidateParamEnumSubset in pkg/reconciler/pipelinerun/resources).
    """
    outer = {param.name: param for param in declared}
    inner = {param.name: param for param in spec.params}
    name = task.ref.name if task.ref is not None else ""
    for param in task.params:
        mentioned = [found for found in references_in_value(param.value) if found.scope == "params"]
        if not isinstance(param.value, str) or len(mentioned) != 1 or not mentioned[0].names:
            continue
        source, wanted = outer.get(mentioned[0].names[0]), inner.get(param.name)
        if source is None or source.type is not ValueType.STRING or wanted is None or not wanted.enum:
            return ""
        allowed = f"[{' '.join(wanted.enum)}]"
        if not source.enum:
            return f'pipeline param "{source.name}" has no enum, but referenced in "{name}" task has enums: {allowed}'
        if not set(source.enum) <= set(wanted.enum):
            return (
                f'pipeline param "{source.name}" enum: [{" ".join(source.enum)}] is not a subset of the referenced in '
                f'"{name}" task param enum: {allowed}'
            )
    return ""


def matrix_params(matrix: Matrix | None) -> list[Param]:
    """The params of a matrix and of all that it includes."""
    if matrix is None:
        return []
    return [*matrix.params, *(param for include in matrix.include for param in include.params)]
