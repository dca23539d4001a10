"""Tasks that want to know how many results another one emitted: ``$(tasks.t.matrix.r.length)``.

Tekton makes no edge of that: the number is 0 until the other task happens to have ended. So that the outcome is not a
race, a task that becomes ready while the other one already runs waits for its end here; one that does not run yet is
counted as 0, as with Tekton.
"""

from __future__ import annotations

from holkas.model.pipeline import PipelineTask
from holkas.pipeline.references import references_in_value
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import Phase, TaskState


def counted_tasks(task: PipelineTask) -> set[str]:
    """Names of the tasks whose results a task counts."""
    params = task.params if task.matrix is None else (*task.params, *task.matrix.params)
    return {
        reference.names[0]
        for param in params
        for reference in references_in_value(param.value)
        if reference.scope == "tasks" and len(reference.names) == 4
        if reference.names[1] == "matrix" and reference.names[3] == "length"
    }


def running_counted(run: RunState, state: TaskState) -> TaskState | None:
    """A task that runs and whose results this one counts, None where there is none to wait for."""
    for name in sorted(counted_tasks(state.task)):
        other = run.by_name.get(name)
        if other is not None and other is not state and other.phase is Phase.RUNNING:
            return other
    return None
