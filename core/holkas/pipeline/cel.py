"""Expressions in the Common Expression Language, as conditions (TEP-0145)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHOWN = 200


class CelError(ValueError):
    """The expression cannot be parsed or evaluated, asks for too much, or does not give a boolean."""


def evaluate(expression: str, variables: Mapping[str, Any] | None = None) -> bool:
    """Evaluate a boolean expression whose ``$(…)`` references were replaced before.

    variables: further names that the expression may use; Tekton knows none. What they hold is not counted where loops
    are bounded. Raises CelError, also for an expression that would take too long (:mod:`holkas.pipeline.cel_bounds`).
    """
    from holkas.pipeline.cel_bounds import excess, extravagance  # only conditions in CEL need it

    shown = expression if len(expression) <= _SHOWN else f"{expression[:_SHOWN]}…"
    if problem := excess(expression) or extravagance(expression):
        raise CelError(f"{shown}: {problem}")
    import cel  # loads a shared library; only conditions in CEL need it

    try:
        result = cel.evaluate(expression, dict(variables or {}))
    except (ValueError, RuntimeError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CelError(f"{shown}: {reason}") from error
    if not isinstance(result, bool):
        raise CelError(f"{shown}: the expression does not evaluate to a boolean")
    return result
