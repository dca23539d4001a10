"""Lists. Source: sprig's documentation, "Lists and List Functions" and "Integer Slice Functions"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError, LimitError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.limits import MOST_ITEMS
from holkas_compat.gotemplate.sprig.casting import to_integer, to_text, to_texts
from holkas_compat.gotemplate.sprig.defaults import empty
from holkas_compat.gotemplate.sprig.sameness import same
from holkas_compat.gotemplate.values import IntList, NestedList, NilList, StringList, kind_name


def _items(value: Any, verb: str) -> list[Any]:
    if not isinstance(value, list):
        if value is None:
            raise FunctionError("runtime error: invalid memory address or nil pointer dereference")
        raise FunctionError(f"Cannot {verb} type {kind_name(value)}")
    return list(value)


def _none(value: list[Any]) -> list[Any]:
    """What is left of a list of one, and nil of a list of none."""
    return [] if value else NilList()


def push(value: Any, item: Any) -> list[Any]:
    """A list with one item more at its end."""
    return [*_items(value, "push on"), item]


def prepend(value: Any, item: Any) -> list[Any]:
    """A list with one item more at its beginning."""
    return [item, *_items(value, "prepend on")]


def chunk(size: int, value: Any) -> NestedList:
    """Lists of so many items."""
    items = _items(value, "chunk")
    if size < 0 and 1 < len(items) <= 1 - size:
        return NestedList()
    if size < 0 and len(items) == 1 and size != -1:
        return NestedList([items])
    if size <= 0:
        raise FunctionError("runtime error: makeslice: len out of range")
    return NestedList(items[index : index + size] for index in range(0, len(items), size))


def first(value: Any) -> Any:
    """The first item, nil of an empty list."""
    items = _items(value, "find first on")
    return items[0] if items else None


def last(value: Any) -> Any:
    """The last item, nil of an empty list."""
    items = _items(value, "find last on")
    return items[-1] if items else None


def sort_alpha(value: Any) -> StringList:
    """The items as texts, sorted."""
    if not isinstance(value, list):
        return StringList([to_text(value)])
    return StringList(sorted(to_texts(value), key=lambda text: text.encode("utf-8", "surrogateescape")))


def uniq(value: Any) -> list[Any]:
    """Each item once."""
    found: list[Any] = []
    for item in _items(value, "find uniq on"):
        if not _among(item, found):
            found.append(item)
    return found


def _among(item: Any, items: list[Any] | tuple[Any, ...]) -> bool:
    return any(same(item, other) for other in items)


def without(value: Any, *omitted: Any) -> list[Any]:
    """The items but those given."""
    return [item for item in _items(value, "find without on") if not _among(item, omitted)]


def has(item: Any, value: Any) -> bool:
    """Whether a list has an item."""
    return value is not None and _among(item, _items(value, "find has on"))


def cut(value: Any, *bounds: Any) -> Any:
    """``slice``: the items from one index to before another."""
    if not isinstance(value, list):
        if value is None:
            raise FunctionError("runtime error: invalid memory address or nil pointer dereference")
        raise FunctionError(f"list should be type of slice or array but {kind_name(value)}")
    if not value:
        return None
    start = to_integer(bounds[0]) if bounds else 0
    end = to_integer(bounds[1]) if len(bounds) > 1 else len(value)
    if not 0 <= start <= end <= len(value):
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    return type(value)(value[start:end])


def concat(*values: Any) -> list[Any]:
    """All lists as one."""
    found: list[Any] = []
    for value in values:
        if not isinstance(value, list):
            raise FunctionError(f"Cannot concat type {kind_name(value)} as list")
        found += value
    return found


def until_step(start: int, stop: int, step: int) -> IntList:
    """The numbers from start to before stop."""
    if (stop < start and step >= 0) or (stop >= start and step <= 0):
        return IntList()
    numbers = range(start, stop, step)
    if len(numbers) > MOST_ITEMS:
        raise LimitError("a list is too long")
    return IntList(numbers)


def until(count: int) -> IntList:
    """The numbers from 0 to before count."""
    return until_step(0, count, -1 if count < 0 else 1)


def seq(*bounds: int) -> str:
    """Numbers as the program ``seq`` prints them, on one line."""
    if not 1 <= len(bounds) <= 3:
        return ""
    start, end = (1, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[-1])
    direction = -1 if end < start else 1
    step = bounds[1] if len(bounds) == 3 else direction
    if len(bounds) == 3 and end < start and step > 0:
        return ""
    return " ".join(map(str, until_step(start, end + direction, step)))


def _both(name: str, made: Function) -> dict[str, Function]:
    return {name: made, f"must{name[0].upper()}{name[1:]}": made}


LISTS: Mapping[str, Function] = {
    "list": function(lambda *items: list(items), "any..."),
    "tuple": function(lambda *items: list(items), "any..."),
    **_both("append", function(push, "any any")),
    **_both("push", function(push, "any any")),
    **_both("prepend", function(prepend, "any any")),
    **_both("chunk", function(chunk, "int any")),
    **_both("first", function(first, "any")),
    **_both("last", function(last, "any")),
    **_both("rest", function(lambda value: _items(value, "find rest on")[1:] or _none(value), "any")),
    **_both("initial", function(lambda value: _items(value, "find initial on")[:-1] or _none(value), "any")),
    **_both("reverse", function(lambda value: _items(value, "find reverse on")[::-1], "any")),
    **_both("uniq", function(uniq, "any")),
    **_both("without", function(without, "any any...")),
    **_both("has", function(has, "any any")),
    **_both("slice", function(cut, "any any...")),
    **_both(
        "compact",
        function(lambda value: [one for one in _items(value, "compact on") if not empty(one)], "any"),
    ),
    "concat": function(concat, "any..."),
    "sortAlpha": function(sort_alpha, "any"),
    "until": function(until, "int"),
    "untilStep": function(until_step, "int int int"),
    "seq": function(seq, "int..."),
}
"""Name → function."""
