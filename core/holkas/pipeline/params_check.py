"""Whether a run's params fit what is declared, with Tekton's reasons where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from holkas.model.param import Param, ParamSpec
from holkas.model.pipeline import PipelineSpec
from holkas.model.step import Container, Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.model.value import ValueType, type_of
from holkas.pipeline.references import texts_of
from holkas.records import dataclass

_INDEXED = (
    r"""\$\(params(?:\.([_a-zA-Z0-9.-]+)|\['([_a-zA-Z0-9./-]+)'\]|\["([_a-zA-Z0-9./-]+)"\])\[([0-9]+)\]\)"""
)
_VARIABLE = r"\$\([_a-zA-Z0-9.-]+(?:\[(?:[0-9]+|\*)\])?\)"


@dataclass(frozen=True, slots=True)
class ParamsProblem:
    """What is wrong with a run's params: Tekton's reason and text, without the controller's prefix."""

    reason: str
    message: str


def check_pipeline_params(spec: PipelineSpec, given: Sequence[Param]) -> ParamsProblem | None:
    """Check a pipeline run, in Tekton's order: missing, types, enums, keys of objects, indexes."""
    missing = _missing(spec.params, given)
    if missing:
        return ParamsProblem("ParameterMissing", f"pipelineRun missing parameters: {_go_list(missing)}")
    wrong = [
        param.name
        for param, declared in _pairs(spec.params, given)
        if type_of(param.value) is not declared.type
    ]
    if wrong:
        return ParamsProblem(
            "ParameterTypeMismatch", f"parameters have inconsistent types : {_go_list(wrong)}"
        )
    if problem := check_enums(spec.params, given):
        return problem
    if keys := missing_keys(spec.params, given):
        return ParamsProblem(
            "ObjectParameterMissKeys", f"pipelineRun missing object keys for parameters: {_go_map(keys)}"
        )
    outside = out_of_range(spec.params, given, _pipeline_texts(spec))
    if outside:
        return ParamsProblem(
            "ParamArrayIndexingInvalid", f"non-existent param references:{_go_list(outside)}"
        )
    return None


def check_task_params(
    spec: TaskSpec, given: Sequence[Param], *, task: str = "", matrix: Sequence[Param] = ()
) -> ParamsProblem | None:
    """Check a task run, or the params that a pipeline passes to a task.

    matrix: params of the matrix with its includes, each of which gives a string. A reference to a result that
    is not filled in yet is accepted for any type.
    """
    if problem := check_passed_params(spec, given, task=task, matrix=matrix):
        return problem
    outside = out_of_range(spec.params, given, _task_texts(spec))
    if outside:
        return ParamsProblem("TaskRunValidationFailed", f"non-existent param references:{_go_list(outside)}")
    return check_enums(spec.params, given)


def check_passed_params(
    spec: TaskSpec, given: Sequence[Param], *, task: str = "", matrix: Sequence[Param] = ()
) -> ParamsProblem | None:
    """The part of :func:`check_task_params` that looks at names, types and keys only."""
    problem = _task_problem(spec.params, given, matrix)
    if not problem:
        return None
    return ParamsProblem("TaskRunValidationFailed", f"invalid input params for task {task}: {problem}")


def _task_problem(specs: Sequence[ParamSpec], given: Sequence[Param], matrix: Sequence[Param]) -> str:
    missing = _missing(specs, [*given, *matrix])
    if missing:
        return f"missing values for these params which have no default values: {_go_list(missing)}"
    wrong = [param.name for param, spec in _pairs(specs, given) if not _fits(param, spec)]
    wrong += [param.name for param, spec in _pairs(specs, matrix) if spec.type is not ValueType.STRING]
    if wrong:
        return f"param types don't match the user-specified type: {_go_list(wrong)}"
    if keys := missing_keys(specs, given):
        return f"missing keys for these params which are required in ParamSpec's properties {_go_map(keys)}"
    return ""


def _fits(param: Param, spec: ParamSpec) -> bool:
    if (
        isinstance(param.value, str)
        and spec.type is not ValueType.STRING
        and re.search(_VARIABLE, param.value)
    ):
        return True
    return type_of(param.value) is spec.type


def _missing(specs: Sequence[ParamSpec], given: Iterable[Param]) -> list[str]:
    names = {param.name for param in given}
    return [spec.name for spec in specs if spec.default is None and spec.name not in names]


def _pairs(specs: Sequence[ParamSpec], given: Sequence[Param]) -> Iterator[tuple[Param, ParamSpec]]:
    declared = {spec.name: spec for spec in specs}
    for param in given:
        if param.name in declared:
            yield param, declared[param.name]


def missing_keys(specs: Sequence[ParamSpec], given: Sequence[Param]) -> dict[str, list[str]]:
    """The keys that objects lack, by param; a key may come from the default too."""
    provided: dict[str, set[str]] = {}
    for spec in specs:
        if spec.type is ValueType.OBJECT and isinstance(spec.default, Mapping):
            provided.setdefault(spec.name, set()).update(spec.default)
    for param in given:
        if isinstance(param.value, Mapping):
            provided.setdefault(param.name, set()).update(param.value)
    lacking: dict[str, list[str]] = {}
    for spec in specs:
        if spec.type is not ValueType.OBJECT or not provided.get(spec.name):
            continue
        keys = sorted(spec.properties.keys() - provided[spec.name])
        if keys:
            lacking[spec.name] = keys
    return lacking


def out_of_range(specs: Sequence[ParamSpec], given: Sequence[Param], texts: Iterable[str]) -> list[str]:
    """References with an index beyond the end of an array param, sorted, as they are written."""
    lengths: dict[str, int] = {}
    for name, value in (*((s.name, s.default) for s in specs), *((p.name, p.value) for p in given)):
        if value is not None and not isinstance(value, str | Mapping):
            lengths[name] = len(value)
    if not lengths:
        return []
    return sorted(
        {
            match[0]
            for text in texts
            if "$(params" in text
            for match in re.finditer(_INDEXED, text)
            if int(match[4]) >= lengths.get(match[1] or match[2] or match[3], int(match[4]) + 1)
        }
    )


def check_enums(specs: Sequence[ParamSpec], given: Sequence[Param]) -> ParamsProblem | None:
    """A value that is not among those that its param allows; empty text passes, as with Tekton."""
    for param, spec in _pairs(specs, given):
        if spec.enum and isinstance(param.value, str) and param.value and param.value not in spec.enum:
            return ParamsProblem(
                "InvalidParamValue", f"param `{param.name}` value: {param.value} is not in the enum list"
            )
    return None


def _pipeline_texts(spec: PipelineSpec) -> Iterator[str]:
    for task in (*spec.tasks, *spec.finally_):
        for param in (*task.params, *(task.matrix.params if task.matrix else ())):
            yield from texts_of(param.value)
        for workspace in task.workspaces:
            yield workspace.sub_path
        for when in task.when:
            yield when.input
            yield from when.values


def _task_texts(spec: TaskSpec) -> Iterator[str]:
    containers: list[Container] = [*spec.steps, *spec.sidecars]
    if spec.step_template is not None:
        containers.append(spec.step_template)
    for container in containers:
        if isinstance(container, Step | Sidecar):
            yield container.script
        yield from (container.image, container.working_dir, *container.command, *container.args)
        for entry in container.env:
            yield entry.value
            yield from _leaves(entry.source)
        yield from _leaves(container.env_from)
        for mount in container.volume_mounts:
            yield from (mount.name, mount.mount_path, mount.sub_path)
    for volume in spec.volumes:
        yield volume.name
        yield from _leaves(volume.source)
    for workspace in spec.workspaces:
        yield workspace.mount_path


def _leaves(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _leaves(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _leaves(item)


def _go_list(names: Iterable[str]) -> str:
    return f"[{' '.join(names)}]"


def _go_map(keys: Mapping[str, Sequence[str]]) -> str:
    return f"map[{' '.join(f'{name}:{_go_list(keys[name])}' for name in sorted(keys))}]"
