"""Matrix: one run of a task for every combination of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holkas.model.param import Param
from holkas.model.pipeline import Matrix, PipelineTask
from holkas.pipeline.substitution import Replacements, substitute

Combination = dict[str, str]


def combinations(matrix: Matrix) -> list[tuple[Param, ...]]:
    """The params of every combination, sorted by name within each.

    The first param of the matrix varies fastest. An ``include`` is merged into every combination whose values
    it does not contradict; where it shares no value with any, it is appended as a combination of its own. An
    array that is empty when all before it are too leaves nothing (see :func:`has_empty_array`).
    """
    included = [_texts(include.params) for include in matrix.include]
    if included and not matrix.params:
        return [_as_params(each) for each in included]
    found: list[Combination] = []
    for param in matrix.params:
        values = _array(param)
        if found:
            found = [{**each, param.name: value} for value in values for each in found]
        else:
            found = [{param.name: value} for value in values]
    for each in found:
        for include in included:
            if all(each.get(name, value) == value for name, value in include.items()):
                each.update(include)
    for include in included:
        if include and not any(each.get(name) == value for each in found for name, value in include.items()):
            found.append(include)
    return [_as_params(each) for each in found]


def count_combinations(matrix: Matrix | None) -> int:
    """How many combinations Tekton counts, for ``$(tasks.t.matrix.length)`` and for its limit.

    It is worked out from the fields alone, before references to results are filled in, so it may differ from
    what :func:`combinations` gives in the end.
    """
    if matrix is None:
        return 0
    if not matrix.params:
        return len(matrix.include)
    count = 1
    values = {param.name: _array(param) for param in matrix.params}
    for array in values.values():
        count *= len(array)
    for include in matrix.include:
        for param in include.params:
            if param.name not in values:
                continue
            if param.value in values[param.name]:
                break
            count += 1
    return count


def has_empty_array(matrix: Matrix) -> bool:
    """Whether a param of the matrix is an empty array, which makes Tekton skip the task."""
    return any(not isinstance(param.value, str) and not param.value for param in matrix.params)


def combination_names(base: str, count: int) -> list[str]:
    """Names of the runs of the combinations: ``<base>-0``, ``<base>-1`` …"""
    return [f"{base}-{index}" for index in range(count)]


def combination_display_name(task: PipelineTask, params: Sequence[Param]) -> str:
    """The display name of one combination.

    It is the task's, or the names of those ``include`` entries whose params the combination has.

    params: all that this run of the task gets; the names may refer to them as ``$(params.x)``.
    """
    values = {param.name: param.value for param in params if isinstance(param.value, str)}
    replacements = Replacements({f"params.{name}": value for name, value in values.items()})
    included = [
        substitute(include.name, replacements)
        for include in (task.matrix.include if task.matrix is not None else ())
        if include.name and all(values.get(param.name) == param.value for param in include.params)
    ]
    return " ".join(included) if included else substitute(task.display_name, replacements)


def _array(param: Param) -> Sequence[str]:
    # A string in the place of an array is a reference that was not filled in: no values, as for Tekton.
    return () if isinstance(param.value, str | Mapping) else param.value


def _texts(params: Sequence[Param]) -> Combination:
    return {param.name: param.value if isinstance(param.value, str) else "" for param in params}


def _as_params(combination: Combination) -> tuple[Param, ...]:
    return tuple(Param(name=name, value=combination[name]) for name in sorted(combination))
