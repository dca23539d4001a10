"""Comparisons in filters.

Source: k8s.io/client-go/third_party/forked/golang/template (funcs.go): both sides are of one kind. Numbers of an event
are floats, so that they compare with ``2.0`` and not with ``2``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from holkas_compat.tekton.triggers.jsonpath.nodes import PathError

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(left: Any, sign: str, right: Any) -> bool:
    """Whether a comparison holds. Raises PathError for kinds that do not compare and for unknown signs."""
    if sign == "=~":
        raise PathError("regular expressions in filters are not evaluated here")
    compare = _OPERATORS.get(sign)
    if compare is None:
        raise PathError(f"unrecognized filter operator {sign}")
    kinds = {_kind(left), _kind(right)}
    if len(kinds) > 1 or None in kinds:
        raise PathError("incompatible types for comparison")
    if kinds == {"bool"} and sign not in ("==", "!="):
        raise PathError("booleans have no order")
    return compare(left, right)


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    return type(value).__name__ if isinstance(value, int | float) else None
