"""Go's types for Python's values: what a template sees.

string is ``str``, bool ``bool``, int ``int``, int64 :class:`Int64`, float64 ``float``, map[string]interface {} ``dict``
and []interface {} ``list``; the subclasses here are Go's other maps and slices. None is a nil interface and
:data:`MISSING` no value at all, which Go's reflection tells apart too.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from holkas_compat.gotemplate.errors import LimitError
from holkas_compat.gotemplate.limits import MOST_ITEMS


class NoValue(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "<no value>"


MISSING: Final = NoValue.MISSING
"""What a key that is not there gives."""


class Int64(int):
    """int64: what sprig's arithmetic gives."""


class Uint64(int):
    """uint64: what numbers of versions are."""


class StringMap(dict[str, str]):
    """map[string]string"""


class StringList(list[str]):
    """[]string"""


class NilList(list[Any]):
    """[]interface {}(nil): an empty list that JSON and ``%#v`` tell from one that was made."""


class NilStringList(StringList):
    """[]string(nil)"""


class IntList(list[int]):
    """[]int"""


class NestedList(list[list[Any]]):
    """[][]interface {}"""


_TYPES: tuple[tuple[type, str, str], ...] = (
    (bool, "bool", "bool"),
    (Int64, "int64", "int64"),
    (Uint64, "uint64", "uint64"),
    (int, "int", "int"),
    (float, "float64", "float64"),
    (str, "string", "string"),
    (StringMap, "map[string]string", "map"),
    (dict, "map[string]interface {}", "map"),
    (StringList, "[]string", "slice"),
    (IntList, "[]int", "slice"),
    (NestedList, "[][]interface {}", "slice"),
    (list, "[]interface {}", "slice"),
)


def type_name(value: Any) -> str:
    """As ``%T`` writes it."""
    if value is None or value is MISSING:
        return "<nil>"
    for kind, name, _ in _TYPES:
        if isinstance(value, kind):
            return name
    return str(getattr(value, "go_type", type(value).__name__))


def kind_name(value: Any) -> str:
    """Go's kind of a value."""
    if value is None or value is MISSING:
        return "invalid"
    for kind, _, name in _TYPES:
        if isinstance(value, kind):
            return name
    return str(getattr(value, "go_kind", "struct"))


def truth(value: Any) -> bool:
    """Whether a value counts as true: not the zero value of its type, maps and slices not empty."""
    if value is None or value is MISSING:
        return False
    return bool(value) if isinstance(value, bool | int | float | str | dict | list) else True


def zero_of(mapping: dict[str, Any]) -> Any:
    """The zero value of a map's elements."""
    return "" if isinstance(mapping, StringMap) else None


def measure(*values: Any, most: int = MOST_ITEMS) -> None:
    """Raises LimitError where printing, copying or comparing these would visit too much.

    Templates can make values of a few lists that hold each other a thousand times over.
    """
    seen = 0
    waiting: list[tuple[Any, int]] = [(value, 0) for value in values]
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > most or depth > 100:
            raise LimitError("a value is too large to be looked at")
        if isinstance(value, dict):
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]
        if len(waiting) > 4 * most:
            raise LimitError("a value is too large to be looked at")
