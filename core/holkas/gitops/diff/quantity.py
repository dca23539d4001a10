"""Quantities of resources in one spelling (Kubernetes, "Quantity", canonical form)."""

from __future__ import annotations

import re
from typing import Any

_QUANTITY = re.compile(
    r"([+-]?)([0-9]{0,40})(?:\.([0-9]{0,40}))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]{1,2})?"
)
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIXES = {exponent: suffix for suffix, exponent in _DECIMAL.items()}


def canonical_quantity(value: Any) -> Any:
    """``0.2`` as ``200m``, ``1024Mi`` as ``1Gi``; what is no quantity stays as it is."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return value
    text = repr(value) if isinstance(value, float) else str(value)
    match = _QUANTITY.fullmatch(text)
    if match is None or not (match.group(2) or match.group(3)):
        return value
    sign, whole, part, suffix = (
        match.group(1),
        match.group(2) or "0",
        match.group(3) or "",
        match.group(4) or "",
    )
    number, exponent = int(whole + part), -len(part)
    minus = "-" if sign == "-" and number else ""
    if suffix in _BINARY and not part.strip("0"):
        return minus + _binary(int(whole), _BINARY[suffix])
    if suffix in _BINARY:
        number *= 1024 ** _BINARY[suffix]
        suffix = ""
    exponent += _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    return minus + _decimal(number, exponent)


def _binary(number: int, power: int) -> str:
    while number and number % 1024 == 0 and power < 6:
        number, power = number // 1024, power + 1
    names = {power: name for name, power in _BINARY.items()}
    return f"{number}{names[power]}" if number else "0"


def _decimal(number: int, exponent: int) -> str:
    if number == 0:
        return "0"
    while number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    while exponent % 3 != 0:
        number, exponent = number * 10, exponent - 1
    if exponent < -9:
        number, exponent = -(-number // 10 ** (-9 - exponent)), -9
    if exponent > 18:
        number, exponent = number * 10 ** (exponent - 18), 18
    return f"{number}{_SUFFIXES[exponent]}"
