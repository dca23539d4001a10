"""Numbers of plain scalars as Go's strconv reads them and its encoding/json writes them."""

from __future__ import annotations

import re
import struct

_FLOAT = r"(?a)[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_DOT_FLOAT = r"(?a)\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?"
_INT = r"(?a)([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))"
_ODD_BINARY = r"(?a)0b([-+]?[01]+)"
# More digits than any 64-bit number has; Python refuses to convert very long ones.
_LONGEST = 100


def parse_number(text: str) -> int | float | None:
    """The number that a plain scalar beginning with a digit, sign or dot stands for, or None if it is text.

    Whole numbers beyond 64 bits become floats, as do those with a dot or an exponent; a float too large for 64 bits
    is text. The rule is go-yaml v2's ``resolve``.
    """
    if text[0] == ".":
        return _finite(text) if re.fullmatch(_DOT_FLOAT, text) else None
    if "_" in text:
        text = text.replace("_", "")
    whole = re.fullmatch(_INT, text)
    if whole:
        sign, hexadecimal, binary, octal, decimal = whole.groups()
        digits, base = (
            (hexadecimal, 16)
            if hexadecimal
            else (binary, 2)
            if binary
            else (octal, 8)
            if octal
            else (decimal, 10)
        )
        if len(digits) < _LONGEST or base != 10:
            number = int(digits, base)
            if sign == "-":
                number = -number
            if -(1 << 63) <= number < 1 << 63 or (not sign and number < 1 << 64):
                return number
    if re.fullmatch(_FLOAT, text):
        return _finite(text)
    odd = re.fullmatch(_ODD_BINARY, text)  # ParseInt accepts a sign after the prefix was cut off
    if odd and -(1 << 63) <= (number := int(odd[1], 2)) < 1 << 63:
        return number
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    return None if number in (float("inf"), float("-inf")) else number


def json_number(number: float) -> int | float:
    """A finite float as JSON carries it: whole ones below 1e21 are written without exponent, shortest digits."""
    if not number.is_integer() or abs(number) >= 1e21:
        return number
    if abs(number) < 1 << 53:
        return int(number)
    digits, _, exponent = repr(number).partition("e")
    mantissa, _, fraction = digits.partition(".")
    if not exponent:
        return int(mantissa)
    zeros = int(exponent) - len(fraction)
    return int(mantissa + fraction + "0" * zeros)


def float_key(number: float) -> str:
    """A float as the name of a key: shortest form in 32 bits, Go's ``FormatFloat(f, 'g', -1, 32)``."""
    single = _single(number)
    if single != single:
        return ".nan"
    if single in (float("inf"), float("-inf")):
        return ".inf" if single > 0 else "-.inf"
    if single == 0:
        return "-0" if str(number).startswith("-") else "0"
    shortest = next(text for p in range(17) if _single(float(text := f"{single:.{p}e}")) == single)
    mantissa, _, power = shortest.partition("e")
    exponent = int(power)
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "")
    if exponent < -4 or exponent >= 6:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    if len(digits) <= exponent + 1:
        return sign + digits.ljust(exponent + 1, "0")
    return f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :]}"


def _single(number: float) -> float:
    """Rounded to 32 bits; infinite where it does not fit."""
    try:
        single: float = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
    return single
