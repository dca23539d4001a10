"""When expressions, of pipeline tasks and of steps.

Source: Tekton's docs/pipelines.md, "Guard Task execution using when expressions" and "Use CEL expression in
WhenExpression".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, records, text, texts
from holkas_compat.tekton.validation.gates import report_flag
from holkas_compat.tekton.validation.param_specs import ParamNames
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.string_params import array_text, string_text

OPERATORS = ("in", "notin")


def check_when(value: Any, scope: Scope) -> None:
    """The form of when expressions; ``scope`` is that of the list."""
    for index, when in enumerate(records(value)):
        _check_expression(when, scope.at(index))


def _check_expression(when: Mapping[str, Any], here: Scope) -> None:
    operator, cel = text(when.get("operator")), text(when.get("cel"))
    values = items(when.get("values"))
    if cel:
        _check_cel(when, cel, here)
    elif not operator and not values and not text(when.get("input")):
        here.report("T424", "the when expression is empty", "", hint="it needs input, operator and values")
    elif operator not in OPERATORS:
        at = ("operator",) if operator else ()
        here.report(
            "T425", f'"{operator}" is no operator of a when expression', "", at=at, hint="use in or notin"
        )
    elif not values:
        here.report("T426", "the when expression has no values to compare with", "")


def _check_cel(when: Mapping[str, Any], cel: str, here: Scope) -> None:
    from holkas_compat.tekton.validation.cel import compile_fault  # few manifests have any

    if not here.flags.cel:
        report_flag(here, "enable-cel-in-whenexpression", "CEL in a when expression", "", "cel")
    elif text(when.get("input")) or text(when.get("operator")) or items(when.get("values")):
        message = "cel excludes input, operator and values"
        here.report(
            "T427", message, at=("cel",), on_key=True, hint="write two when expressions, both must hold"
        )
    elif fault := compile_fault(cel):
        here.report(
            "T428",
            f"the CEL expression is wrong: {fault}",
            at=("cel",),
            hint="variables of Tekton stand in quotes: '$(params.x)' == 'y'",
        )


def check_when_params(value: Any, scope: Scope, names: ParamNames) -> None:
    """The parameters that when expressions use; ``scope`` is that of the pipeline task."""
    for index, when in enumerate(records(value)):
        here = scope.at("when", index)
        string_text(text(when.get("input")), here.at("input"), names)
        for position, item in enumerate(texts(when.get("values"))):
            place = here.at("values", position, field="values")
            name = item.removeprefix("$(params.").removesuffix("[*])")
            check = array_text if name in names.arrays else string_text
            check(item, place, names)
