"""The types of CEL and what its operators take, as cel-go knows them when it compiles.

Source: cel-spec, doc/langdef.md, "Gradual Type Checking" and "List of Standard Definitions"; cel-go compares numbers of
different types only under an option.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

ORDERED = frozenset({"bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"})
_NUMBERS = frozenset({"int", "uint", "double"})
_NULLABLE = frozenset({"timestamp", "duration", "null_type"})
_SUMS = {
    ("timestamp", "+", "duration"): "timestamp",
    ("duration", "+", "timestamp"): "timestamp",
    ("timestamp", "-", "duration"): "timestamp",
    ("timestamp", "-", "timestamp"): "duration",
    ("duration", "+", "duration"): "duration",
    ("duration", "-", "duration"): "duration",
}

Type = str | tuple[str, "Type"] | tuple[str, "Type", "Type"]
DYN: Final = "dyn"


class Mismatch(Exception):
    """Types that do not fit; the text says which."""


def _fits(first: Type, second: Type) -> bool:
    if DYN in (first, second) or first == second:
        return True
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first[0] == second[0] and all(map(_fits, first[1:], second[1:]))
    return "null_type" in (first, second) and {first, second} <= _NULLABLE


def same(sign: str, first: Type, second: Type) -> Type:
    """The type of two values that must be of one. Raises Mismatch."""
    if not _fits(first, second):
        raise Mismatch(f"{sign} does not take {shown(first)} and {shown(second)}")
    return second if first == DYN else first


def wanted(sign: str, given: Type, *types: str) -> Type:
    """The type of a value that must be of one of these. Raises Mismatch."""
    if given != DYN and given not in types:
        raise Mismatch(f"{sign} does not take {shown(given)}")
    return given


def common(types: Sequence[Type]) -> Type:
    """The type of the elements of a list: any, where they differ."""
    return types[0] if types and all(_fits(types[0], other) for other in types) else DYN


def shown(type_: Type) -> str:
    """A type in a message."""
    return type_ if isinstance(type_, str) else type_[0]


def _logic(sign: str, first: Type, second: Type) -> Type:
    wanted(sign, first, "bool")
    wanted(sign, second, "bool")
    return "bool"


def _relation(sign: str, first: Type, second: Type) -> Type:
    if sign == "in":
        if second != DYN and second[0] not in ("list", "map"):
            raise Mismatch(f"in does not take {shown(second)}")
        same(sign, first, DYN if second == DYN else second[1])
    else:
        both = same(sign, first, second)
        if sign not in ("==", "!="):
            wanted(sign, both, *ORDERED)
    return "bool"


def _sum(sign: str, first: Type, second: Type) -> Type:
    if DYN in (first, second):
        return DYN
    if isinstance(first, str) and isinstance(second, str) and (first, sign, second) in _SUMS:
        return _SUMS[first, sign, second]
    both = same(sign, first, second)
    if sign == "+" and (both in ("string", "bytes") or both[0] == "list"):
        return both
    return wanted(sign, both, *_NUMBERS)


def _product(sign: str, first: Type, second: Type) -> Type:
    return wanted(sign, same(sign, first, second), *(_NUMBERS - {"double"} if sign == "%" else _NUMBERS))


LEVELS: tuple[tuple[tuple[str, ...], Callable[[str, Type, Type], Type]], ...] = (
    (("||",), _logic),
    (("&&",), _logic),
    (("==", "!=", "<", "<=", ">", ">=", "in"), _relation),
    (("+", "-"), _sum),
    (("*", "/", "%"), _product),
)
"""The binary operators, those that bind least first."""
