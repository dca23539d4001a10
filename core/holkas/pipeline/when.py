"""When expressions: filling in variables, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from holkas.go_json import json_text
from holkas.model.when import When
from holkas.pipeline.substitution import Replacements, substitute, whole_array


def substitute_when(when: Sequence[When], replacements: Replacements) -> tuple[When, ...]:
    """The expressions with their variables replaced.

    Among ``values`` a whole array (``$(params.a[*])``, or without ``[*]``) is spliced in; as ``input`` it becomes
    its JSON text, with ``[*]`` only (WhenExpression.applyReplacements in pkg/apis/pipeline/v1/when_types.go).
    """
    return tuple(_substitute(expression, replacements) for expression in when)


def _substitute(when: When, replacements: Replacements) -> When:
    if "$(" not in when.input and "$(" not in when.cel and not any("$(" in value for value in when.values):
        return when
    values: list[str] = []
    for value in when.values:
        array = whole_array(value, replacements)
        if array is None:
            values.append(substitute(value, replacements))
        else:
            values.extend(array)
    return When(
        input=_substitute_input(when.input, replacements),
        operator=when.operator,
        values=tuple(values),
        cel=substitute(when.cel, replacements),
    )


def _substitute_input(text: str, replacements: Replacements) -> str:
    array = whole_array(text, replacements) if text.endswith("[*])") else None
    if array is None:
        return substitute(text, replacements)
    return json_text(list(array))


def allows(when: Iterable[When], cel_evaluator: Callable[[str], bool] | None = None) -> bool:
    """Whether all expressions hold, so that the guarded task or step may start; true for none.

    Variables must have been replaced. cel_evaluator: what judges ``cel`` expressions, by default
    :func:`holkas.pipeline.cel.evaluate`. Raises CelError for an expression that cannot be evaluated.
    """
    return all(_holds(expression, cel_evaluator) for expression in when)


def _holds(when: When, cel_evaluator: Callable[[str], bool] | None) -> bool:
    if when.cel:
        if cel_evaluator is None:
            from holkas.pipeline.cel import (
                evaluate,  # the library takes time to load and few pipelines need it
            )

            cel_evaluator = evaluate
        return cel_evaluator(when.cel)
    return (when.input in when.values) == (when.operator == "in")
