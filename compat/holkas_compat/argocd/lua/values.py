"""Values on their way into Lua and back. Source: Argo CD's conversion, which goes by way of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEPTH, _NODES = 64, 1_000_000
_EXACT = 2**53


class ConversionError(ValueError):
    """A value has no place on the other side."""


def to_lua(machine: Any, value: Any, depth: int = _DEPTH) -> Any:
    """A plain value as Lua's; null is nothing, so that a key with null is as if it were not there."""
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value) if abs(value) > _EXACT else value
    if depth == 0:
        raise ConversionError("the manifest is nested too deeply")
    if isinstance(value, Mapping):
        table = machine.table()
        for key, item in value.items():
            if item is not None:
                table[str(key)] = to_lua(machine, item, depth - 1)
        return table
    if isinstance(value, (list, tuple)):
        items = [to_lua(machine, item, depth - 1) for item in value if item is not None]
        return machine.table(*items) if len(items) < 200 else _long_table(machine, items)
    return str(value)


def _long_table(machine: Any, items: list[Any]) -> Any:
    table = machine.table()
    for number, item in enumerate(items, 1):
        table[number] = item
    return table


def from_lua(value: Any, library: Any) -> Any:
    """A Lua value as plain values. Raises ConversionError for functions, mixed keys and endless tables."""
    return _From(library).convert(value, _DEPTH)


class _From:
    def __init__(self, library: Any) -> None:
        self.type_of = library.lua_type
        self.nodes = 0

    def convert(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > _NODES or depth == 0:
            raise ConversionError("the script returned a table that has no end")
        kind = self.type_of(value)
        if kind == "table":
            return self._table(value, depth - 1)
        if kind is None and isinstance(value, (str, bool, int, float, type(None))):
            return value
        if isinstance(value, tuple):
            return self.convert(value[0], depth) if value else None
        raise ConversionError(
            f"the script returned a {kind or type(value).__name__}, which no manifest can hold"
        )

    def _table(self, table: Any, depth: int) -> Any:
        items = [(key, item) for key, item in table.items()]
        if not items:
            return []
        if all(isinstance(key, str) for key, _ in items):
            return {key: self.convert(item, depth) for key, item in items}
        numbers = sorted(key for key, _ in items if isinstance(key, int) and not isinstance(key, bool))
        if numbers != list(range(1, len(items) + 1)):
            raise ConversionError("the script returned a table that is neither a list nor a mapping")
        return [self.convert(item, depth) for _, item in sorted(items, key=lambda pair: int(pair[0]))]
