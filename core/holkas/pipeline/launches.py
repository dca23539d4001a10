"""From a task that is due to the runs that are to be started."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holkas.model.pipeline import Matrix, PipelineTask
from holkas.model.task import TaskSpec
from holkas.model.value import ValueType, type_of
from holkas.pipeline.apply_results import apply_artifacts, apply_pipeline_task_context
from holkas.pipeline.decision import Launch
from holkas.pipeline.matrix import combination_display_name, combinations, count_combinations
from holkas.pipeline.names import run_names
from holkas.pipeline.references import references_in_value
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import TaskState
from holkas.records import replace

_ARTIFACT = r"\$\(tasks\.([^.)]+)\.(?:inputs|outputs)\b"


class MatrixTypeError(ValueError):
    """A param of a matrix does not have the type that it must have; the text is Tekton's."""


def launches(run: RunState, state: TaskState) -> list[Launch]:
    """One launch, or one for each combination in their order. Raises MatrixTypeError."""
    task = apply_pipeline_task_context(state.task, _matrix_lengths(run, state.task))
    task = state.task = _with_artifacts(run, task)
    fan = [()] if task.matrix is None else combinations(_checked(task.matrix, task.name))
    names = run_names(run.facts.run_name, task.name, len(fan))
    return [
        Launch(
            name=name,
            pipeline_task=task,
            combination=None if task.matrix is None else index,
            display_name=combination_display_name(task, (*own, *task.params)),
            params=(*own, *task.params),
            when=task.when,
            retries=task.retries,
            timeout=task.timeout,
            is_finally=state.is_finally,
        )
        for index, (name, own) in enumerate(zip(names, fan, strict=True))
    ]


def _checked(matrix: Matrix, task: str) -> Matrix:
    wanted = [(param, ValueType.ARRAY) for param in matrix.params]
    wanted += [(param, ValueType.STRING) for include in matrix.include for param in include.params]
    for param, kind in wanted:
        found = type_of(param.value)
        if found is not kind:
            raise MatrixTypeError(
                f"parameters of type {kind} only are allowed, "
                f'but param "{param.name}" has type "{found}" in pipelineTask "{task}"'
            )
    return matrix


def _matrix_lengths(run: RunState, task: PipelineTask) -> dict[str, int]:
    """``tasks.t.matrix.length`` and ``tasks.t.matrix.r.length`` where the task's params mention them.

    The first counts combinations as they are declared, before results are filled in, as Tekton does.
    """
    params = task.params if task.matrix is None else (*task.params, *task.matrix.params)
    lengths: dict[str, int] = {}
    for param in params:
        for reference in references_in_value(param.value):
            if reference.scope != "tasks" or reference.names[1:2] != ("matrix",):
                continue
            producer = run.by_name.get(reference.names[0])
            if producer is None or producer.is_finally:
                continue
            match reference.names[2:]:
                case ("length",):
                    lengths[reference.text] = count_combinations(_as_declared(producer.declared.matrix))
                case (result, "length"):
                    values = run.results.get(producer.name, {}).get(result, ())
                    lengths[reference.text] = len(values) if type_of(values) is ValueType.ARRAY else 0
    return lengths


def _as_declared(matrix: Matrix | None) -> Matrix | None:
    # An array that is a reference to a result counts as one value while the result is not known.
    if matrix is None:
        return None
    params = tuple(
        replace(param, value=(param.value,)) if isinstance(param.value, str) else param
        for param in matrix.params
    )
    return replace(matrix, params=params)


def _with_artifacts(run: RunState, task: PipelineTask) -> PipelineTask:
    if task.task_spec is None or not run.artifacts:
        return task
    mentioned = {
        name for text in _texts(task.task_spec) if "$(tasks." in text for name in re.findall(_ARTIFACT, text)
    }
    return apply_artifacts(
        task, {name: run.artifacts[name] for name in sorted(mentioned) if name in run.artifacts}
    )


def _texts(spec: TaskSpec) -> Iterator[str]:
    for container in (*spec.steps, *spec.sidecars):
        yield getattr(container, "script", "")
        yield from container.command
        yield from container.args
        yield from (env.value for env in container.env)
