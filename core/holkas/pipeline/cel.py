"""Expressions in the Common Expression Language, as conditions (TEP-0145)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CelError(ValueError):
    """The expression cannot be parsed or evaluated, or does not give a boolean."""


def evaluate(expression: str, variables: Mapping[str, Any] | None = None) -> bool:
    """Evaluate a boolean expression whose ``$(…)`` references were replaced before.

    variables: further names that the expression may use; Tekton knows none. Raises CelError.
    """
    import cel  # loads a shared library; only conditions in CEL need it

    try:
        result = cel.evaluate(expression, dict(variables or {}))
    except (ValueError, RuntimeError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CelError(f"{expression}: {reason}") from error
    if not isinstance(result, bool):
        raise CelError(f"{expression}: the expression does not evaluate to a boolean")
    return result
