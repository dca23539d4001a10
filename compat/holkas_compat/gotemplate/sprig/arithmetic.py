"""Numbers. Source: sprig's documentation, "Math Functions" and "Float Math Functions"."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import shown
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.casting import to_int64, to_integer, to_real, wrapped
from holkas_compat.gotemplate.values import Int64

_OCTAL = re.compile("[+-]?[0-7]{1,30}")


def _int64(value: int) -> Int64:
    return Int64(wrapped(value))


def divide(one: Any, two: Any) -> Int64:
    """The quotient, cut towards zero."""
    dividend, divisor = to_integer(one), to_integer(two)
    if not divisor:
        raise FunctionError("runtime error: integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    return _int64(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def modulo(one: Any, two: Any) -> Int64:
    """The remainder, with the dividend's sign."""
    dividend, divisor = to_integer(one), to_integer(two)
    if not divisor:
        raise FunctionError("runtime error: integer divide by zero")
    rest = abs(dividend) % abs(divisor)
    return _int64(-rest if dividend < 0 else rest)


def multiply(one: Any, *others: Any) -> Int64:
    """The product."""
    product = to_integer(one)
    for other in others:
        product = wrapped(product * to_integer(other))
    return Int64(product)


def _decimal(one: Any, others: tuple[Any, ...], act: Callable[[Decimal, Decimal], Decimal]) -> float:
    with localcontext() as context:
        context.prec = 60
        value = _exact(one)
        for other in others:
            value = act(value, _exact(other))
        return float(value) or 0.0  # a decimal has no negative zero


def _exact(value: Any) -> Decimal:
    number = to_real(value)
    if not math.isfinite(number):
        raise FunctionError(f"Cannot create a Decimal from {shown(number)}")
    return Decimal(repr(number))


def _divided(one: Decimal, two: Decimal) -> Decimal:
    if not two:
        raise FunctionError("decimal division by 0")
    return (one / two).quantize(Decimal("1e-16"))


def rounded(value: Any, places: int, *edge: float) -> float:
    """Rounded to so many places; edge: the fraction from which it is rounded up."""
    try:
        power = math.pow(10, places)
    except OverflowError:
        power = math.inf
    digit = power * to_real(value)
    if not math.isfinite(digit) or not power:
        return math.nan if math.isinf(power) or not power else digit / power
    fraction = math.modf(digit)[0]
    return (math.ceil(digit) if fraction >= (edge[0] if edge else 0.5) else math.floor(digit)) / power


def _whole(value: Any, act: Callable[[float], int]) -> float:
    number = to_real(value)
    return float(act(number)) if math.isfinite(number) else number


def atoi(text: str) -> int:
    """A text as a number, 0 for what is none."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
        return 0
    number = int(text)
    return min(max(number, -(2**63)), 2**63 - 1)


def to_decimal(value: Any) -> Int64:
    """An octal number as a decimal one."""
    text = shown(value)
    number = int(text, 8) if _OCTAL.fullmatch(text) else 0
    return Int64(number if -(2**63) <= number < 2**63 else 0)


ARITHMETIC: Mapping[str, Function] = {
    "add": function(lambda *values: _int64(sum(map(to_integer, values))), "any..."),
    "add1": function(lambda value: _int64(to_integer(value) + 1), "any"),
    "sub": function(lambda one, two: _int64(to_integer(one) - to_integer(two)), "any any"),
    "div": function(divide, "any any"),
    "mod": function(modulo, "any any"),
    "mul": function(multiply, "any any..."),
    "add1f": function(lambda value: _decimal(value, (1,), Decimal.__add__), "any"),
    "addf": function(lambda *values: _decimal(0.0, values, Decimal.__add__), "any..."),
    "subf": function(lambda one, *others: _decimal(one, others, Decimal.__sub__), "any any..."),
    "divf": function(lambda one, *others: _decimal(one, others, _divided), "any any..."),
    "mulf": function(lambda one, *others: _decimal(one, others, Decimal.__mul__), "any any..."),
    "max": function(lambda *values: max(map(to_int64, values)), "any any..."),
    "biggest": function(lambda *values: max(map(to_int64, values)), "any any..."),
    "min": function(lambda *values: min(map(to_int64, values)), "any any..."),
    "maxf": function(lambda *values: max(map(to_real, values)), "any any..."),
    "minf": function(lambda *values: min(map(to_real, values)), "any any..."),
    "ceil": function(lambda value: _whole(value, math.ceil), "any"),
    "floor": function(lambda value: _whole(value, math.floor), "any"),
    "round": function(rounded, "any int float64..."),
    "atoi": function(atoi, "string"),
    "int": function(to_integer, "any"),
    "int64": function(to_int64, "any"),
    "float64": function(to_real, "any"),
    "toDecimal": function(to_decimal, "any"),
}
"""Name → function."""
