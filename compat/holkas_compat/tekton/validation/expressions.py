"""``$(…)`` expressions in pipelines, and results among them.

Source: Tekton's pkg/apis/pipeline/v1/resultref.go and pkg/internal/resultref, read as rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from holkas.records import dataclass

from holkas_compat.manifest.shape import text, texts
from holkas_compat.tekton.validation.values import array_of, object_of, string_of, type_of

_EXPRESSION = r"\$\(([_a-zA-Z0-9.-]+(?:\[(?:[0-9]+|\*)\])?)\)"
_INDEX = r"\[([0-9])*\*?\]"


@dataclass(frozen=True, slots=True)
class ResultReference:
    """A result of another task of the pipeline."""

    task: str
    result: str


def expressions_in(value: str) -> list[str]:
    """What stands between ``$(`` and ``)``, for the simple notation with dots."""
    return re.findall(_EXPRESSION, value) if "$(" in value else []


def param_expressions(param: Mapping[str, Any]) -> list[str]:
    """All expressions in the value of a param or a pipeline result."""
    if type_of(param) == "array":
        values: Iterable[str] = array_of(param)
    elif type_of(param) == "object":
        values = object_of(param).values()
    else:
        values = (string_of(param),)
    return [expression for value in values for expression in expressions_in(value)]


def when_expressions(when: Mapping[str, Any]) -> list[str]:
    """All expressions in a when expression, those in CEL included."""
    values = [text(when.get("input")), *texts(when.get("values")), text(when.get("cel"))]
    return [expression for value in values for expression in expressions_in(value)]


def is_result(expression: str) -> bool:
    """Whether an expression has the form of a result: ``tasks.<task>.results.…``, or ``finally.…``."""
    words = expression.split(".")
    return len(words) >= 4 and words[0] in ("tasks", "finally") and words[2] == "results"


def result_reference(expression: str) -> ResultReference | None:
    """The task and the result that an expression names; None if it is no result or has too many words."""
    words = expression.split(".")
    if not is_result(expression) or len(words) > 5:
        return None
    return ResultReference(words[1], re.sub(_INDEX, "", words[3]) if len(words) == 4 else words[3])


def result_references(expressions: Iterable[str]) -> list[ResultReference]:
    """The results among some expressions."""
    return [reference for expression in expressions if (reference := result_reference(expression))]


def execution_status_task(expression: str) -> str | None:
    """The task of ``tasks.<task>.status`` or ``.reason``.

    ``""`` for ``tasks.status``; None for anything else.
    """
    if not expression.startswith("tasks."):
        return None
    if expression == "tasks.status":
        return ""
    for ending in (".status", ".reason"):
        if expression.endswith(ending):
            return expression.removeprefix("tasks.").removesuffix(ending)
    return None
