"""Variables in the fields of a pipeline task where Tekton replaces them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from holkas.model.param import Param
from holkas.model.pipeline import Matrix, MatrixInclude, PipelineTask
from holkas.model.reference import Reference
from holkas.model.workspace import PipelineTaskWorkspace
from holkas.pipeline.apply_container import change_text, substitute_params
from holkas.pipeline.param_values import param_notations
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitute_task import substitute_task
from holkas.pipeline.substitution import Lookup, Replacements, substitute
from holkas.pipeline.when import substitute_when
from holkas.records import replace

T = TypeVar("T")


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
    include = change_each(matrix.include, lambda each: _substitute_include(each, strings))
    if params is matrix.params and include is matrix.include:
        return matrix
    return Matrix(params=params, include=include)


def _substitute_include(include: MatrixInclude, strings: Replacements) -> MatrixInclude:
    params = substitute_params(include.params, strings)
    return include if params is include.params else replace(include, params=params)


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
