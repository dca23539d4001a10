"""How sprig turns any value into a number or a text.

Source: sprig's documentation, "Type Conversion Functions"; the rules of the library cast that it uses.
"""

from __future__ import annotations

import math
import re
from typing import Any

from holkas_compat.gotemplate.formatting import shown
from holkas_compat.gotemplate.values import Int64

_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9_]+)")
_REAL = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|infinity)|nan", re.IGNORECASE
)
_HEX_REAL = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])")
_TAIL = re.compile(r"\.0*$")


def wrapped(value: int) -> int:
    """A number as 64 bits hold it."""
    return (value + 2**63) % 2**64 - 2**63


def to_integer(value: Any) -> int:
    """Any value as an integer, 0 for what is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return wrapped(int(value)) if math.isfinite(value) and abs(value) < 2**63 else -(2**63)
    if isinstance(value, str):
        text = _TAIL.sub("", value)
        if not _INTEGER.fullmatch(text):
            return 0
        try:
            digits = text.lstrip("+-").replace("_", "")
            octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
            number = int(text.replace("_", ""), 8 if octal else 0)
        except ValueError:
            return 0
        return number if -(2**63) <= number < 2**63 else 0
    return 0


def to_int64(value: Any) -> Int64:
    """Any value as an int64."""
    return Int64(to_integer(value))


def to_real(value: Any) -> float:
    """Any value as a float, 0 for what is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    if not isinstance(value, str):
        return 0.0
    text = _BETWEEN_DIGITS.sub("", value)
    try:
        if _HEX_REAL.fullmatch(text):
            return float.fromhex(text)
        return float(text) if _REAL.fullmatch(text) else 0.0
    except (OverflowError, ValueError):
        return 0.0


def to_text(value: Any) -> str:
    """Any value as text."""
    return value if isinstance(value, str) else shown(value)


def to_texts(value: Any) -> list[str]:
    """A list as texts, nil left out; anything else as a list of one."""
    if isinstance(value, list):
        return [to_text(item) for item in value if item is not None]
    return [] if value is None else [to_text(value)]
