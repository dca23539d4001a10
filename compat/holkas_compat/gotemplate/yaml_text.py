"""YAML as Go's library writes it, for templates that put it into texts.

Source: what sigs.k8s.io/yaml gives: keys in order, sequences in the column of their key, single quotes where a text
cannot be plain, double ones where it would be read as something else.
"""

from __future__ import annotations

import math
from typing import Any

from holkas.yaml.scalars import resolve_plain
from holkas.yaml.style import double_quoted, is_plain, literal, single_quoted

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import in_order, real
from holkas_compat.gotemplate.values import measure


def written(value: Any) -> str:
    """The value without the final newline. Raises FunctionError for what YAML has not got."""
    measure(value)
    lines: list[str] = []
    try:
        _node(value, "", "", lines)
    except ValueError as error:
        raise FunctionError(str(error)) from error
    return "\n".join(lines).removesuffix("\n")


def _node(value: Any, lead: str, indent: str, lines: list[str]) -> None:
    """Write a node whose first line begins with ``lead``, its further lines with ``indent``."""
    if isinstance(value, dict) and value:
        for key in in_order(value):
            item = value[key]
            name = f"{lead}{_text(key, indent) if chr(10) not in key else double_quoted(key)}:"
            if isinstance(item, dict) and item:
                lines.append(name)
                _node(item, indent + "  ", indent + "  ", lines)
            elif isinstance(item, list) and item:
                lines.append(name)
                _node(item, indent, indent, lines)
            else:
                lines.append(f"{name} {_leaf(item, indent + '  ')}")
            lead = indent
    elif isinstance(value, list) and value:
        for item in value:
            _node(item, lead + "- ", indent + "  ", lines)
            lead = indent
    else:
        lines.append(lead + _leaf(value, indent or "  "))


def _leaf(value: Any, indent: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise FunctionError(f"error marshaling into JSON: json: unsupported value: {real(value)}")
        whole = value == int(value) and abs(value) < 2**63
        return str(int(value)) if whole and abs(value) < 1e20 else real(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return _text(str(value), indent)


def _text(text: str, indent: str) -> str:
    if "\n" in text:
        block = literal(text, indent)
        return block if block is not None else double_quoted(text)
    if is_plain(text) or text == "=":
        return text
    if not text or not isinstance(resolve_plain(text), str) or _looks_special(text):
        return double_quoted(text)
    return single_quoted(text) or double_quoted(text)


def _looks_special(text: str) -> bool:
    """Whether another reader would take the text for a number, a date or a word."""
    return (
        all(sign.isalnum() or sign in "+-.:_~" for sign in text) and not text.startswith("- ") and text != "-"
    )
