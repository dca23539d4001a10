"""Variables of a pipeline that are known when its run starts: params, contexts, bound workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from holkas.model.param import Param
from holkas.model.pipeline import Matrix, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.workspace import PipelineTaskWorkspace
from holkas.pipeline.apply_container import change_text, substitute_params
from holkas.pipeline.apply_task import substitute_task
from holkas.pipeline.param_values import param_notations, pipeline_param_replacements
from holkas.pipeline.substitution import Lookup, Replacements, substitute
from holkas.pipeline.when import substitute_when

T = TypeVar("T")


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
    spec = apply_params_to_pipeline(spec, params)
    spec = apply_context_to_pipeline(spec, context or PipelineContext())
    return apply_workspaces_to_pipeline(spec, workspaces)


def apply_params_to_pipeline(spec: PipelineSpec, params: Sequence[Param]) -> PipelineSpec:
    """Replace ``$(params.…)``, in embedded tasks too. Raises ParamResolutionError."""
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
    tasks = tuple(
        substitute_pipeline_task(task, replacements, matrix_names=matrix_names) for task in spec.tasks
    )
    last = tuple(
        substitute_pipeline_task(task, replacements, matrix_names=matrix_names) for task in spec.finally_
    )
    same = all(new is old for new, old in zip((*tasks, *last), (*spec.tasks, *spec.finally_), strict=True))
    return spec if same else replace(spec, tasks=tasks, finally_=last)


def substitute_pipeline_task(
    task: PipelineTask, replacements: Replacements, *, matrix_names: bool = False
) -> PipelineTask:
    """Replace variables in a pipeline task where Tekton does; the same object where nothing changes."""
    changes: dict[str, Any] = {}
    params = substitute_params(task.params, replacements)
    if params is not task.params:
        changes["params"] = params
    if (
        task.matrix is not None
        and (matrix := substitute_matrix(task.matrix, replacements)) is not task.matrix
    ):
        changes["matrix"] = matrix
    if task.matrix is None or matrix_names:
        change_text(changes, "display_name", task.display_name, replacements)
    if (workspaces := substitute_sub_paths(task.workspaces, replacements)) is not task.workspaces:
        changes["workspaces"] = workspaces
    if task.when and (when := substitute_when(task.when, replacements)) != task.when:
        changes["when"] = when
    if task.ref is not None and (ref := substitute_reference(task.ref, replacements)) is not task.ref:
        changes["ref"] = ref
    change_text(changes, "on_error", task.on_error, replacements)
    if task.task_spec is not None:
        embedded = substitute_task(task.task_spec, _within_task(params, replacements))
        if embedded is not task.task_spec:
            changes["task_spec"] = embedded
    return replace(task, **changes) if changes else task


def substitute_matrix(matrix: Matrix, replacements: Replacements) -> Matrix:
    """Replace variables in a matrix: no whole objects, and only strings in ``include``."""
    values = Replacements(replacements.strings, replacements.arrays)
    params = substitute_params(matrix.params, values)
    strings = Replacements(replacements.strings)
    include = tuple(
        each if (new := substitute_params(each.params, strings)) is each.params else replace(each, params=new)
        for each in matrix.include
    )
    if params is matrix.params and all(new is old for new, old in zip(include, matrix.include, strict=True)):
        return matrix
    return Matrix(params=params, include=include)


def substitute_reference(reference: Reference, replacements: Replacements) -> Reference:
    """Replace variables in the name and the resolver's params of a reference."""
    params = substitute_params(reference.params, replacements)
    name = substitute(reference.name, replacements)
    if params is reference.params and name is reference.name:
        return reference
    return replace(reference, params=params, name=name)


def substitute_sub_paths(
    workspaces: tuple[PipelineTaskWorkspace, ...], replacements: Replacements
) -> tuple[PipelineTaskWorkspace, ...]:
    """Replace variables in the ``subPath`` of the workspaces that a pipeline task is given."""
    if not any("$(" in workspace.sub_path for workspace in workspaces):
        return workspaces
    new = tuple(
        replace(workspace, sub_path=substitute(workspace.sub_path, replacements)) for workspace in workspaces
    )
    return new if new != workspaces else workspaces


class _Shadowed(Generic[T]):
    """A lookup some of whose entries are replaced, without a copy of all the others."""

    __slots__ = ("_base", "_own")

    def __init__(self, own: Mapping[str, T], base: Lookup[T]) -> None:
        self._own = own
        self._base = base

    def get(self, key: str, /) -> T | None:
        value = self._own.get(key)
        return self._base.get(key) if value is None else value


def _within_task(params: tuple[Param, ...], outer: Replacements) -> Replacements:
    """What an embedded task sees: the pipeline's params, unless the pipeline task passes one of that name."""
    strings: dict[str, str] = {}
    arrays: dict[str, Sequence[str]] = {}
    objects: dict[str, Mapping[str, str]] = {}
    for param in params:
        value = param.value
        for spelling in param_notations(param.name):
            if outer.strings.get(spelling) is not None:
                strings[spelling] = value if isinstance(value, str) else ""
            if outer.arrays.get(spelling) is not None:
                arrays[spelling] = () if isinstance(value, str | Mapping) else value
            if outer.objects.get(spelling) is not None:
                objects[spelling] = value if isinstance(value, Mapping) else {}
                if isinstance(value, Mapping):
                    strings.update((f"params.{param.name}.{key}", item) for key, item in value.items())
    if not (strings or arrays or objects):
        return outer
    return Replacements(
        _Shadowed(strings, outer.strings), _Shadowed(arrays, outer.arrays), _Shadowed(objects, outer.objects)
    )
