"""Numbers in templates: Go's literals.

Source: the Go specification, "Integer literals" and "Floating-point literals"; text/template/parse gives a number
every type that can hold it.
"""

from __future__ import annotations

import math
import re

from holkas_compat.gotemplate.nodes import Number
from holkas_compat.gotemplate.quoting import BadLiteral, unquoted

_INTEGER = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])+|[1-9](?:_?[0-9])*|0"
)
_HEX_FLOAT = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])*\.?(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?[pP][+-]?[0-9](?:_?[0-9])*"
)
_FLOAT = re.compile(r"(?:[0-9](?:_?[0-9])*)?\.?(?:[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?")
_LARGEST = 2**63 - 1


class BadNumber(ValueError):
    """A text that is no number."""


def number(start: int, literal: str, *, constant: bool = False) -> Number:
    """The node of a literal; constant: a character in single quotes, which is its code point. Raises BadNumber."""
    if constant:
        try:
            value = unquoted(literal)
        except BadLiteral:
            value = ""
        if literal == "''":
            raise BadNumber("invalid syntax")
        if len(value) != 1:
            raise BadNumber(f"malformed character constant: {literal}")
        return Number(start, literal, ord(value), float(ord(value)), False)
    sign = -1 if literal.startswith("-") else 1
    body = literal[1:] if literal[:1] in ("+", "-") else literal
    if body.endswith("i") and not body.startswith(("0x", "0X")):
        raise BadNumber(f"complex numbers are not supported: {literal}")
    if _INTEGER.fullmatch(body):
        integer = sign * _integer(body)
        if -_LARGEST - 1 <= integer <= 2 * _LARGEST + 1:
            return Number(start, literal, integer, float(integer), False)
        raise BadNumber(f"integer overflow: {_quoted(literal)}")
    real = _real(body)
    if real is None:
        raise BadNumber(f"illegal number syntax: {_quoted(literal)}")
    if math.isinf(real):
        raise BadNumber(f"illegal number syntax: {_quoted(literal)}")
    real *= sign
    whole = real == int(real) and -_LARGEST - 1 <= real <= _LARGEST
    return Number(start, literal, int(real) if whole else None, real, True)


def _quoted(literal: str) -> str:
    return f'"{literal}"'


def _integer(body: str) -> int:
    digits = body.replace("_", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return int(digits, 8)
    return int(digits, 0)


def _real(body: str) -> float | None:
    try:
        if _HEX_FLOAT.fullmatch(body):
            return float.fromhex(body.replace("_", ""))
        if any(sign.isdigit() for sign in body) and _FLOAT.fullmatch(body):
            return float(body.replace("_", ""))
    except (ValueError, OverflowError):
        return None
    return None
