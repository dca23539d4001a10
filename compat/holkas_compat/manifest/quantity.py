"""Resource quantities as Kubernetes reads and writes them (k8s.io/apimachinery, api/resource)."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

_SHAPE = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([a-zA-Z]*[-+]?[0-9]*)")
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIX_OF_EXPONENT = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_SUFFIX_OF_POWER = {power: suffix for suffix, power in _BINARY.items()}
_EXPONENT = re.compile(r"[eE][+-]?[0-9]+")
_EXACT = Context(prec=400)


class QuantityError(ValueError):
    """A text that is no quantity."""


def canonical_quantity(text: str) -> str:
    """``1000m`` as ``1``, ``1024Mi`` as ``1Gi``, ``0.5`` as ``500m``. Raises QuantityError."""
    match = _SHAPE.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise QuantityError(f'"{text}" is no quantity: write a number, or one with a suffix as 500m or 1Gi')
    sign, whole, fraction, suffix = match.groups()
    number = Decimal(f"{sign}{whole or '0'}.{fraction or '0'}")
    if suffix in _BINARY:
        return _binary(_EXACT.multiply(number, Decimal(1024 ** _BINARY[suffix])))
    if suffix in _DECIMAL:
        return _scaled(number.scaleb(_DECIMAL[suffix], _EXACT), exponent_form=False)
    if _EXPONENT.fullmatch(suffix) and abs(int(suffix[1:])) <= 100:
        return _scaled(number.scaleb(int(suffix[1:]), _EXACT), exponent_form=True)
    raise QuantityError(
        f'"{text}" has the unknown suffix "{suffix}": known are m, k, M, G, T, Ki, Mi, Gi, Ti'
    )


def _binary(value: Decimal) -> str:
    if -1024 < value < 1024 or value != value.to_integral_value():
        return _scaled(value, exponent_form=False)
    whole, power = int(value), 0
    while whole % 1024 == 0 and power < 6:
        whole, power = whole // 1024, power + 1
    return f"{whole}{_SUFFIX_OF_POWER.get(power, '')}"


def _scaled(value: Decimal, *, exponent_form: bool) -> str:
    nano = value.scaleb(9, _EXACT)
    away_from_zero = ROUND_CEILING if value > 0 else ROUND_FLOOR
    whole, exponent = int(nano.to_integral_value(rounding=away_from_zero)), -9
    if whole == 0:
        return "0"
    while whole % 1000 == 0 and (exponent_form or exponent < 18):
        whole, exponent = whole // 1000, exponent + 3
    if not exponent_form:
        return f"{whole}{_SUFFIX_OF_EXPONENT[exponent]}"
    return f"{whole}e{exponent}" if exponent else str(whole)
