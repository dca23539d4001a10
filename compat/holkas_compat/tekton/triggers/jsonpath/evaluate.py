"""What an event has at a path, as the text that replaces the expression.

Source: k8s.io/client-go/util/jsonpath/jsonpath.go, pkg/template/jsonpath.go (getResults): one result is written as
JSON, a text without its quotes; several make a JSON list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from holkas.go_json import json_text

from holkas_compat.tekton.triggers.jsonpath.compare import holds
from holkas_compat.tekton.triggers.jsonpath.nodes import (
    Field,
    Filter,
    Node,
    Path,
    PathError,
    Recursive,
    Slice,
    Union,
    Wildcard,
)

MAX_RESULTS = 100_000
"""Values that a path may go through: recursive descents multiply."""


def find_text(path: Path, value: Any) -> str:
    """The text at a path in a value. Raises PathError where the event has nothing there."""
    results = _Walk().path([value], path)
    if len(results) != 1:
        return json_text(results)
    written = json_text(results[0])
    return written[1:-1] if isinstance(results[0], str) else written


class _Walk:
    """One evaluation; ``left`` is what it may still go through."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_RESULTS

    def path(self, values: list[Any], path: Path) -> list[Any]:
        for node in path:
            values = self._step(values, node)
            self._spend(len(values))
        return values

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise PathError(f"the path goes through more than {MAX_RESULTS} values")

    def _step(self, values: list[Any], node: Node) -> list[Any]:
        if isinstance(node, Field):
            return _field(values, node)
        if isinstance(node, Slice):
            return [item for value in values if value is not None for item in _slice(value, node)]
        if isinstance(node, Wildcard):
            return [item for value in values for item in _children(value)]
        if isinstance(node, Recursive):
            return [item for value in values for item in self._descend(value)]
        if isinstance(node, Union):
            return [item for path in node.paths for item in self.path(values, path)]
        if isinstance(node, Filter):
            return [item for value in values for item in self._filter(value, node)]
        return [node.value] if isinstance(node.value, str) else [node.value] * len(values)

    def _descend(self, value: Any) -> Iterator[Any]:
        """The value and all inside that is not empty, depth first."""
        if children := _children(value):
            self._spend(1)
            yield value
            if isinstance(value, str):
                return
            for child in children:
                yield from self._descend(child)

    def _filter(self, value: Any, node: Filter) -> Iterator[Any]:
        if not isinstance(value, list):
            raise PathError("only lists can be filtered")
        self._spend(len(value))
        for item in value:
            if node.operator == "exists":
                if self._exists(item, node.left):
                    yield item
                continue
            left, right = (_single(self.path([item], side)) for side in (node.left, node.right))
            if left and right and holds(left[0], node.operator, right[0]):
                yield item

    def _exists(self, item: Any, path: Path) -> bool:
        try:
            return bool(self.path([item], path))
        except PathError:
            if self.left < 0:
                raise
            return False


def _single(values: list[Any]) -> list[Any]:
    if len(values) > 1:
        raise PathError("only one value can be compared")
    return values


def _field(values: list[Any], node: Field) -> list[Any]:
    found = [value[node.name] for value in values if isinstance(value, dict) and node.name in value]
    if values and not found:
        raise PathError(f"{node.name} is not found")
    return found


def _children(value: Any) -> list[Any]:
    """What a wildcard finds; the keys of a mapping in order, where Go has none."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, list):
        return value
    return [float(byte) for byte in value.encode()] if isinstance(value, str) else []


def _slice(value: Any, node: Slice) -> list[Any]:
    if not isinstance(value, list):
        raise PathError("only lists have indexes")
    length = len(value)
    start = node.start or 0
    start += length if start < 0 else 0
    end = length if node.end is None else node.end
    if end < 0 or (end == 0 and node.derived):
        end += length
    if start == end:
        return []
    if not 0 <= start < length or not 0 <= end <= length or start > end:
        raise PathError(f"array index out of bounds: index {start}, length {length}")
    if node.step is not None and node.step <= 0:
        raise PathError("a step is greater than 0")
    return value[start : end : node.step or 1]
