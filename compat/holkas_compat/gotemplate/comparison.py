"""``eq``, ``ne``, ``lt``, ``le``, ``gt`` and ``ge``.

Source: Go's documentation of text/template, "Functions": basic types only, of one kind; two nils are equal.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import formatted, shown
from holkas_compat.gotemplate.values import MISSING, kind_name, type_name


def _basic(value: Any) -> str:
    """The kind that decides what can be compared; empty for what has no order."""
    if isinstance(value, bool):
        return "bool"
    for kind, name in ((int, "int"), (float, "float"), (str, "string")):
        if isinstance(value, kind):
            return name
    return ""


def equal(first: Any, *others: Any) -> bool:
    """Whether the first equals any of the others. Raises FunctionError."""
    if not others:
        raise FunctionError("missing argument for comparison")
    return any(_equal(first, other) for other in others)


def _equal(first: Any, other: Any) -> bool:
    one, two = _basic(first), _basic(other)
    nil = [value is None or value is MISSING for value in (first, other)]
    if one != two:
        if any(nil):
            return False
        raise _incompatible(first, other)
    if one:
        return bool(first == other)
    if any(nil):
        return all(nil)
    if kind_name(first) != kind_name(other):
        told = formatted("%s", [first])
        raise FunctionError(
            f"non-comparable types {told}: {type_name(first)}, {type_name(other)}: {shown(other)}"
        )
    raise FunctionError(f"non-comparable type {formatted('%s', [other])}: {type_name(other)}")


def _incompatible(first: Any, other: Any) -> FunctionError:
    return FunctionError(f"incompatible types for comparison: {type_name(first)} and {type_name(other)}")


def different(first: Any, other: Any) -> bool:
    """``ne``"""
    return not equal(first, other)


def less(first: Any, other: Any) -> bool:
    """``lt``. Raises FunctionError."""
    one, two = _basic(first), _basic(other)
    if not one or not two:
        raise FunctionError("invalid type for comparison")
    if one != two:
        raise _incompatible(first, other)
    if one == "bool":
        raise FunctionError("invalid type for comparison")
    if one == "string":
        return bool(first.encode() < other.encode())
    return bool(first < other)


def less_or_equal(first: Any, other: Any) -> bool:
    """``le``"""
    return less(first, other) or equal(first, other)


def greater(first: Any, other: Any) -> bool:
    """``gt``"""
    return not less_or_equal(first, other)


def greater_or_equal(first: Any, other: Any) -> bool:
    """``ge``"""
    return not less(first, other)
