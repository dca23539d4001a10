"""Variables of a pipeline that are known when its run starts: params, contexts, bound workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holkas.model.param import Param
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.pipeline.param_values import pipeline_param_replacements
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitute_pipeline_task import substitute_pipeline_task
from holkas.pipeline.substitution import Replacements, scopes_mentioned
from holkas.records import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineContext:
    """``$(context.pipelineRun.*)`` and ``$(context.pipeline.name)``."""

    run_name: str = ""
    namespace: str = ""
    uid: str = ""
    pipeline_name: str = ""


def apply_to_pipeline(
    spec: PipelineSpec,
    *,
    params: Sequence[Param] = (),
    context: PipelineContext | None = None,
    workspaces: Iterable[str] = (),
) -> PipelineSpec:
    """The pipeline with everything replaced that is known before its first task starts.

    params: those of the run. workspaces: names of those that the run binds. Tasks without a variable stay the
    same objects. Raises ParamResolutionError for defaults that cannot be worked out.
    """
    replacements = pipeline_param_replacements(spec.params, params)
    scopes = pipeline_scopes(spec)
    if "params" in scopes:
        spec = substitute_pipeline(spec, replacements)
        scopes = pipeline_scopes(spec)
    if "context" in scopes:
        spec = apply_context_to_pipeline(spec, context or PipelineContext())
    if "workspaces" in scopes:
        spec = apply_workspaces_to_pipeline(spec, workspaces)
    return spec


def pipeline_scopes(spec: PipelineSpec) -> frozenset[str]:
    """The first words of all references in the fields where variables are replaced."""
    return scopes_mentioned(lambda spy: substitute_pipeline(spec, spy, matrix_names=True))


def apply_params_to_pipeline(spec: PipelineSpec, params: Sequence[Param]) -> PipelineSpec:
    """Replace ``$(params.…)``, in embedded tasks too. Raises ParamResolutionError."""
    if not (spec.params or params):
        return spec
    return substitute_pipeline(spec, pipeline_param_replacements(spec.params, params))


def apply_context_to_pipeline(spec: PipelineSpec, context: PipelineContext) -> PipelineSpec:
    """Replace ``$(context.pipelineRun.…)`` and ``$(context.pipeline.name)``."""
    replacements = Replacements(
        {
            "context.pipelineRun.name": context.run_name,
            "context.pipelineRun.namespace": context.namespace,
            "context.pipelineRun.uid": context.uid,
            "context.pipeline.name": context.pipeline_name,
        }
    )
    return substitute_pipeline(spec, replacements, matrix_names=True)


def apply_workspaces_to_pipeline(spec: PipelineSpec, bound: Iterable[str]) -> PipelineSpec:
    """Replace ``$(workspaces.w.bound)``."""
    values = {f"workspaces.{workspace.name}.bound": "false" for workspace in spec.workspaces}
    values.update((f"workspaces.{name}.bound", "true") for name in bound)
    return substitute_pipeline(spec, Replacements(values))


def substitute_pipeline(
    spec: PipelineSpec, replacements: Replacements, *, matrix_names: bool = False
) -> PipelineSpec:
    """Replace variables in all tasks of a pipeline.

    matrix_names: in the display names of tasks with a matrix too; Tekton leaves these to the combinations,
    except for the context.
    """

    def change(task: PipelineTask) -> PipelineTask:
        return substitute_pipeline_task(task, replacements, matrix_names=matrix_names)

    tasks = change_each(spec.tasks, change)
    last = change_each(spec.finally_, change)
    if tasks is spec.tasks and last is spec.finally_:
        return spec
    return replace(spec, tasks=tasks, finally_=last)
