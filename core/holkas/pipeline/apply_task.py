"""Variables of a task: its params, contexts, paths of results and steps, workspaces."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.param import Param
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_workspaces import TaskWorkspaces, apply_workspaces_to_task, substitute_binding
from holkas.pipeline.param_values import task_param_replacements
from holkas.pipeline.substitute_task import substitute_task, task_scopes
from holkas.pipeline.substitution import Replacements
from holkas.pipeline.task_paths import (
    TaskPaths,
    apply_artifact_paths,
    apply_exit_code_paths,
    apply_result_paths,
    step_directory,
)
from holkas.records import dataclass

__all__ = [
    "TaskContext",
    "TaskPaths",
    "TaskWorkspaces",
    "apply_params_to_task",
    "apply_result_paths",
    "apply_to_task",
    "context_values",
    "step_directory",
    "substitute_binding",
    "substitute_task",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """``$(context.taskRun.*)`` and ``$(context.task.*)``; ``retries`` counts the attempts made before."""

    run_name: str = ""
    namespace: str = ""
    uid: str = ""
    task_name: str = ""
    retries: int = 0


def apply_to_task(
    spec: TaskSpec,
    *,
    params: Sequence[Param] = (),
    context: TaskContext | None = None,
    workspaces: TaskWorkspaces | None = None,
    paths: TaskPaths | None = None,
) -> TaskSpec:
    """The task as it is run, every variable that is known before its first step replaced.

    Step actions should have been put in place of their references and the step template is left as it is. One
    kind of variable after the other, in the order of Tekton's task run reconciler: a value may therefore
    bring in a variable of a later kind, as it does there.
    """
    scopes = task_scopes(spec)
    if not scopes.isdisjoint(("params", "inputs")):
        spec = apply_params_to_task(spec, params)
        scopes = task_scopes(spec)
    if not scopes:
        return spec
    paths = paths or TaskPaths()
    if "context" in scopes:
        spec = substitute_task(spec, Replacements(context_values(context or TaskContext())))
    if not scopes.isdisjoint(("results", "step")):
        spec = apply_result_paths(spec, paths)
    if not scopes.isdisjoint(("artifacts", "step")):
        spec = apply_artifact_paths(spec, paths)
    if "steps" in scopes:
        spec = apply_exit_code_paths(spec, paths)
    if "credentials" in scopes:
        spec = substitute_task(spec, Replacements({"credentials.path": paths.locate(paths.credentials)}))
    if "workspaces" in scopes:
        spec = apply_workspaces_to_task(spec, workspaces or TaskWorkspaces(), paths)
    return spec


def apply_params_to_task(spec: TaskSpec, params: Sequence[Param]) -> TaskSpec:
    """Replace ``$(params.…)`` by what the run gives, or by the task's defaults."""
    return substitute_task(spec, task_param_replacements(spec.params, params))


def context_values(context: TaskContext) -> dict[str, str]:
    """The values of the ``context`` variables of a task."""
    return {
        "context.taskRun.name": context.run_name,
        "context.taskRun.namespace": context.namespace,
        "context.taskRun.uid": context.uid,
        "context.task.name": context.task_name,
        "context.task.retry-count": str(context.retries),
    }
