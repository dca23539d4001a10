"""YAML as Go's library writes it, for templates that put it into texts.

Source: what sigs.k8s.io/yaml gives: keys in order, sequences in the column of their key, single quotes where a text
cannot be plain, double ones where it would be read as something else.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import real
from holkas_compat.gotemplate.key_order import natural
from holkas_compat.gotemplate.values import NilList, NilStringList, measure
from holkas_compat.gotemplate.yaml_scalars import double_quoted, is_printable, one_line

_WIDTH = 80


def written(value: Any) -> str:
    """The value without the final newline. Raises FunctionError for what YAML has not got."""
    measure(value)
    lines: list[str] = []
    try:
        _node(value, "", "", lines)
    except ValueError as error:
        raise FunctionError(str(error)) from error
    return "\n".join(lines)


def _node(value: Any, lead: str, indent: str, lines: list[str]) -> None:
    """Write a node whose first line begins with ``lead``, its further lines with ``indent``."""
    if isinstance(value, dict) and value:
        for key in natural(value):
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
    """A scalar on several lines where it goes far beyond the usual width, as Go's library does: at the first single
    blank after that column."""
    if column + len(text) <= _WIDTH or text.startswith("|"):
        return text
    double = text.startswith('"')
    quoted = double or text.startswith("'")
    made: list[str] = []
    for index, sign in enumerate(text):
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        alone = sign == " " and before != " " and (double or after not in (" ", ""))
        inside = not quoted or 1 < index < len(text) - 2
        if alone and inside and column > _WIDTH:
            made.append("\n" + indent + ("\\" if after == " " else ""))
            column = len(indent)
        else:
            made.append(sign)
            column += 1
    return "".join(made)


def _text(text: str, indent: str) -> str:
    return one_line(text) if "\n" not in text else _block(text, indent)


def _block(text: str, indent: str) -> str:
    """A literal block where the text may stand in one: no blanks before an end of line, nothing to be escaped."""
    if text.endswith(" ") or " \n" in text or not is_printable(text.replace("\n", "")):
        return double_quoted(text)
    ends = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
    lines = text.removesuffix("\n").split("\n")
    hint = "2" if text[0] in " \n" else ""
    written = "\n".join(indent + line if line else "" for line in lines)
    return f"|{hint}{ends}\n{written}"
