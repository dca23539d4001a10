"""References to results of tasks that have ended: whether they can be filled in, and if not, why."""

from __future__ import annotations

from holkas.model.value import ValueType, type_of
from holkas.pipeline.references import ResultReference
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import Phase, TaskState
from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class MissingResult:
    """The first result that a task refers to and that is not there. ``producer`` is None for an unknown task."""

    reference: ResultReference
    producer: TaskState | None


def missing_result(run: RunState, state: TaskState) -> MissingResult | None:
    """The first reference of a task that cannot be filled in. Failed tasks count with what they did emit."""
    for reference in state.references:
        producer = run.by_name.get(reference.task)
        if producer is not None and producer.name in run.facts.left_out:
            if reference.result not in run.results.get(producer.name, {}):
                return MissingResult(reference, producer)
            continue
        if producer is None or producer.phase is not Phase.ENDED:
            return MissingResult(reference, producer)
        producer.aggregated = True
        if reference.result not in run.results[producer.name]:
            return MissingResult(reference, producer)
    return None


def validation_problem(run: RunState, state: TaskState) -> str:
    """Tekton's words for a task that is due although a result that it needs is missing.

    Of a task with a matrix only the first run is asked (CheckMissingResultReferences of the pipeline run reconciler).
    """
    reference = next(reference for reference in state.references if _lacking(run, reference))
    name, result = reference.task, reference.result
    producer = run.by_name.get(name)
    if producer is None:
        return f'Result reference error: Could not find ref "{name}" in internal pipelineRunState'
    if not producer.runs:
        runs = "CustomRuns" if producer.task.custom_kind else "TaskRuns"
        return f'Result reference error: Internal result ref "{name}" has zero-length {runs}'
    if producer.succeeded:
        return (
            f'task "{name}" completed successfully but did not emit the result "{result}", '
            f'which is referenced by task "{state.name}"'
        )
    return f"Invalid task result reference: Could not find result with name {result} for pipeline task {name}"


def _lacking(run: RunState, reference: ResultReference) -> bool:
    if reference.task in run.facts.left_out:
        return reference.result not in run.results.get(reference.task, {})
    producer = run.by_name.get(reference.task)
    return producer is None or not producer.runs or reference.result not in producer.runs[0].results


def index_problem(run: RunState, state: TaskState) -> str:
    """Tekton's words for an index that an array result does not have; empty if there is none."""
    for reference in state.references:
        if reference.index is None:
            continue
        value = run.results[reference.task][reference.result]
        if type_of(value) is ValueType.ARRAY and reference.index >= len(value):
            return (
                f"array Result Index {reference.index} for Task {reference.task} Result {reference.result} "
                f"is out of bound of size {len(value)}"
            )
    return ""
