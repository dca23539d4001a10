"""YAML as Go's library writes it, for templates that put it into texts.

Source: what sigs.k8s.io/yaml gives: keys in order, sequences in the column of their key, single quotes where a text
cannot be plain, double ones where it would be read as something else.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from holkas.yaml.scalars import resolve_plain
from holkas.yaml.style import double_quoted, is_plain, literal, single_quoted

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import in_order, real
from holkas_compat.gotemplate.values import NilList, NilStringList, measure

_WIDTH = 80
_BLANKS = re.compile(" +")


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
                lines.append(f"{name} {_leaf(item, indent + '  ', len(name) + 1)}")
            lead = indent
    elif isinstance(value, list) and value:
        for item in value:
            _node(item, lead + "- ", indent + "  ", lines)
            lead = indent
    else:
        lines.append(lead + _leaf(value, indent or "  ", len(lead)))


def _leaf(value: Any, indent: str, column: int) -> str:
    if value is None or isinstance(value, NilList | NilStringList):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise FunctionError(f"error marshaling into JSON: json: unsupported value: {real(value)}")
        # Read again as JSON, and as an integer where 64 bits hold it.
        whole = value == int(value) and -(2**63) <= value < 2**64
        return str(int(Decimal(repr(value)))) if whole else real(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return _folded(_text(str(value), indent), indent, column)


def _folded(text: str, indent: str, column: int) -> str:
    """A plain or single-quoted scalar on several lines where it goes far beyond the usual width, as Go's library does:
    at the first single blank after that column."""
    if column + len(text) <= _WIDTH or text.startswith(("|", '"')):
        return text
    quoted = text.startswith("'")
    made: list[str] = []
    for index, sign in enumerate(text):
        alone = (
            sign == " " and text[index - 1 : index] != " " and text[index + 1 : index + 2] not in (" ", "")
        )
        inside = not quoted or 1 < index < len(text) - 2
        if alone and inside and column > _WIDTH:
            made.append("\n" + indent)
            column = len(indent)
        else:
            made.append(sign)
            column += 1
    return "".join(made)


def _text(text: str, indent: str) -> str:
    if "\n" in text:
        block = literal(text, indent)
        return block if block is not None else double_quoted(text)
    if _is_plain(text):
        return text
    if not text or not isinstance(resolve_plain(text), str) or _looks_special(text):
        return double_quoted(text)
    return single_quoted(text) or double_quoted(text)


def _is_plain(text: str) -> bool:
    """Whether Go's library writes it without quotes: blanks inside do not matter to it, nor a dash before a sign."""
    bare = _BLANKS.sub(" ", text)
    led = bare[:1] in (":", "?") or (
        bare[:1] == "-" and not (bare[1:2].isalnum() or bare[1:2] in (".", "-", "_"))
    )
    if led and bare[1:2] not in ("", " "):
        bare = "x" + bare[1:]
    return text == "=" or is_plain(bare)


def _looks_special(text: str) -> bool:
    """Whether another reader would take the text for a number, a date or a word."""
    return (
        all(sign.isalnum() or sign in "+-.:_~" for sign in text) and not text.startswith("- ") and text != "-"
    )
