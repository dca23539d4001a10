"""Writes plain values as readable YAML that every reader reads back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holkas.yaml.style import LONGEST_SIMPLE_KEY, literal, scalar


def dump(value: Any) -> str:
    """One document in block style, keys in their order, texts of several lines as literal blocks.

    Sequences stand in the column of their key, as Kubernetes' tools print them. Raises TypeError for values and keys
    that JSON does not have, ValueError for infinity, numbers beyond 64 bits and lone surrogates.
    """
    lines: list[str] = []
    _node(value, "", "", lines)
    return "\n".join(lines) + "\n"


def dump_all(values: Iterable[Any]) -> str:
    """Several documents with ``---`` between them. Raises as :func:`dump`."""
    return "---\n".join(dump(value) for value in values)


def _node(value: Any, lead: str, indent: str, lines: list[str]) -> None:
    """Write a node whose first line begins with ``lead`` (a key or a dash), its further lines with ``indent``."""
    if isinstance(value, Mapping) and value:
        _mapping(value, lead, indent, lines)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray) and value:
        for item in value:
            _node(item, lead + "- ", indent + "  ", lines)
            lead = indent
    else:
        lines.append(lead + _leaf(value, indent))


def _mapping(value: Mapping[Any, Any], lead: str, indent: str, lines: list[str]) -> None:
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key must be a string, not {type(key).__name__}")
        name = scalar(key)
        if len(name) > LONGEST_SIMPLE_KEY:
            lines.append(f"{lead}? {name}")
            lead, name = indent, ""
        lead += name + ":"
        if isinstance(item, Mapping) and item:
            lines.append(lead)
            _mapping(item, indent + "  ", indent + "  ", lines)
        elif isinstance(item, list | tuple) and item:
            lines.append(lead)
            _node(item, indent, indent, lines)
        else:
            lines.append(f"{lead} {_leaf(item, indent + '  ')}")
        lead = indent


def _leaf(value: Any, indent: str) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, str):
        block = literal(value, indent or "  ") if "\n" in value else None
        return block if block is not None else scalar(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[]"
    return scalar(value)
