"""Lists and single things on standard output, as ``-o table|json|yaml|name`` asks.

The JSON and YAML of a list is ``{"apiVersion": "holkas/v1", "kind": KIND, "items": [...]}``, that of a
single thing the thing itself with ``apiVersion`` and ``kind`` before its fields.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from unicodedata import combining, east_asian_width

from holkas.cli.render.printable import printable

API_VERSION = "holkas/v1"
OUTPUTS = ("table", "json", "yaml", "name")

Item = Mapping[str, Any]
Column = tuple[str, Callable[[Item], object]]
"""Heading, and what stands below it for an item."""


def emit(items: Sequence[Item], columns: Sequence[Column], output: str, *, kind: str) -> None:
    """Print a list. ``name`` prints each item's ``name``; ``kind`` names the list (``PluginList``)."""
    if output == "table":
        _say(table([title for title, _ in columns], [[cell(item) for _, cell in columns] for item in items]))
    elif output == "name":
        _say("\n".join(printable(str(item["name"])) for item in items))
    else:
        _say(_serialised({"apiVersion": API_VERSION, "kind": kind, "items": list(items)}, output))


def emit_one(item: Item, output: str, *, kind: str, text: Callable[[Item], str]) -> None:
    """Print one thing; ``text`` makes the form for people."""
    if output == "table":
        _say(text(item))
    elif output == "name":
        _say(printable(str(item["name"])))
    else:
        _say(_serialised({"apiVersion": API_VERSION, "kind": kind, **item}, output))


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns with two blanks between them, headings in capitals; no blanks at the ends of lines.

    Control characters are taken out and line breaks become blanks, so that a cell stays a cell on any
    terminal.
    """
    columns = [[title.upper()] for title in titles]
    for column, cells in zip(columns, zip(*rows, strict=True), strict=False):  # no row: only headings
        column += map(str, cells)
    return "\n".join(map(str.rstrip, map("  ".join, zip(*map(_column, columns), strict=True))))


def _column(cells: list[str]) -> list[str]:
    """Cells as wide as the widest, each on one line."""
    together = "".join(cells)  # nearly always plain, and much faster to look at once
    if not together.isprintable() or " " in together:
        cells = [_one_line(cell) for cell in cells]
    if together.isascii():
        size = max(map(len, cells))
        return [cell.ljust(size) for cell in cells]
    widths = [width(cell) for cell in cells]
    size = max(widths)
    return [cell + " " * (size - own) for cell, own in zip(cells, widths, strict=True)]


def _one_line(text: str) -> str:
    if " " not in text and text.isprintable():
        return text
    return " ".join(printable(text).split())


def width(text: str) -> int:
    """Columns that a text takes on a terminal (Unicode Standard Annex 11: wide and fullwidth take two)."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _serialised(value: dict[str, Any], output: str) -> str:
    if output == "json":
        return json.dumps(value, indent=2, ensure_ascii=False)
    from holkas.yaml.dumper import dump

    return dump(value).rstrip("\n")


def _say(text: str) -> None:
    import click

    if text:
        click.echo(text)
