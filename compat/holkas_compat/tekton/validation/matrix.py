"""The matrix of a pipeline task.

Source: Tekton's docs/matrix.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, name_of, record, records, text
from holkas_compat.tekton.validation.expressions import is_result, param_expressions, result_references
from holkas_compat.tekton.validation.gates import require_level
from holkas_compat.tekton.validation.given_params import check_given_unique
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.param_specs import ParamNames
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.string_params import array_text, string_text
from holkas_compat.tekton.validation.values import array_of, string_of


def is_matrixed(task: Mapping[str, Any]) -> bool:
    """Whether a task fans out."""
    matrix = record(task.get("matrix"))
    return bool(items(matrix.get("params")) or items(matrix.get("include")))


def count_combinations(matrix: Mapping[str, Any]) -> int:
    """How many runs a matrix makes, as far as its arrays are written out."""
    params, includes = records(matrix.get("params")), records(matrix.get("include"))
    if not params:
        return len(includes)
    count = 1
    for param in params:
        count *= len(array_of(param))
    values = {name_of(param): array_of(param) for param in params}
    for include in includes:
        for param in records(include.get("params")):
            known = values.get(name_of(param))
            if known is not None:
                if string_of(param) in known:
                    break
                count += 1
    return count


def check_matrix(task: Mapping[str, Any], scope: Scope) -> None:
    """The matrix of one task; ``scope`` is that of the pipeline task."""
    matrix = record(task.get("matrix"))
    here = scope.at("matrix")
    if is_matrixed(task):
        require_level(scope, Level.BETA, "matrix", "matrix")
        count, most = count_combinations(matrix), scope.flags.max_matrix
        if count > most:
            here.report(
                "T429", f"the matrix makes {count} runs, {most} are allowed", "", hint="use shorter arrays"
            )
        for index, include in enumerate(records(matrix.get("include"))):
            check_given_unique(include.get("params"), here.at("include", index).at("params"))
        check_given_unique(matrix.get("params"), here.at("params"))
    given = {name_of(param): index for index, param in enumerate(records(task.get("params")))}
    names = {name_of(param) for param in _all_params(matrix)}
    for name, index in given.items():
        if name in names:
            message = f'the parameter "{name}" is given by params and by matrix; only one is possible'
            scope.report("T431", message, f"matrix[{name}]", f"params[{name}]", at=("params", index))


def check_matrix_params(task: Mapping[str, Any], scope: Scope, names: ParamNames) -> None:
    """The parameters that a matrix uses; ``scope`` is that of the pipeline task."""
    matrix = record(task.get("matrix"))
    here = scope.at("matrix")
    for number, include in enumerate(records(matrix.get("include"))):
        for index, param in enumerate(records(include.get("params"))):
            place = here.at("include", number, "params", index, "value", field=f"include.params[{index}]")
            string_text(string_of(param), place, names)
    for index, param in enumerate(records(matrix.get("params"))):
        place = here.at("params", index, field=f"params.[{name_of(param)}]")
        for position, element in enumerate(array_of(param)):
            array_text(element, place.at("value", position), names)


def check_consumers(tasks: Any, scope: Scope) -> None:
    """Results of a matrix come as a whole array, of strings; ``scope`` is that of the list of tasks.

    Tekton stops at the first param that is wrong, and looks up the types for the last param only.
    """
    by_name = {name_of(task): task for task in records(tasks)}
    last: list[str] = []
    place = scope
    for index, task in enumerate(records(tasks)):
        for position, param in enumerate(records(task.get("params"))):
            expressions = [expression for expression in param_expressions(param) if is_result(expression)]
            if not expressions:
                continue
            place = scope.at(index, "params", position, "value", field="")
            last = [item for item in expressions if is_matrixed(record(by_name.get(item.split(".")[1])))]
            partly = [item for item in last if not item.endswith("[*]")]
            if partly:
                for item in partly:
                    producer = item.split(".")[1]
                    message = f'$({item}): results of the matrix "{producer}" can be used only as a whole'
                    place.report(
                        "T432", message, within=f"$({item})", hint="write [*] after the name of the result"
                    )
                return
    for reference in result_references(last):
        _check_string_result(by_name, reference.task, reference.result, place)


def _check_string_result(
    by_name: Mapping[str, Mapping[str, Any]], task: str, result: str, scope: Scope
) -> None:
    producer = record(by_name.get(task))
    if producer.get("taskRef") is not None:
        producer = record(by_name.get(name_of(record(producer["taskRef"]))))
    for declared in records(record(producer.get("taskSpec")).get("results")):
        type_ = text(declared.get("type"))
        if name_of(declared) == result and type_ != "string":
            message = f'"{result}" of the matrix "{task}" is of type {type_}; a matrix can give only strings'
            scope.report("T433", message, "")


def _all_params(matrix: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    includes = [
        param for include in records(matrix.get("include")) for param in records(include.get("params"))
    ]
    return records(matrix.get("params")) + includes
