"""Go's reflect.DeepEqual for the values that templates have."""

from __future__ import annotations

from typing import Any

from holkas_compat.gotemplate.values import NilList, NilStringList, measure, type_name


def same(one: Any, two: Any) -> bool:
    """Whether two values are of the same types and equal all the way down."""
    measure(one, two)
    return _same(one, two)


def _same(one: Any, two: Any) -> bool:
    if type_name(one) != type_name(two):
        return False
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    if isinstance(one, list):
        if isinstance(one, NilList | NilStringList) != isinstance(two, NilList | NilStringList):
            return False
        return len(one) == len(two) and all(map(_same, one, two))
    return bool(one == two)
