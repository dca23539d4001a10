"""Single values: what Go's decoder takes for each scalar type, and what it makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from holkas.go_json import number_text
from holkas.model.duration import DurationError, parse_duration

from holkas_compat.manifest.fault import Fault
from holkas_compat.manifest.types import ListOf, Scalar, ScalarKind, Type, resolved

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)"


class ScalarError(Exception):
    """A value that does not fit, and what kind of fault that is."""

    def __init__(self, fault: Fault, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.fault, self.message, self.hint = fault, message, hint


def described(value: Any) -> str:
    """What a value is, in words, short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {number_text(value)}"
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 40 and "\n" not in value else "a text"
    return "a list" if isinstance(value, list) else "a mapping"


def expected(type_: Type) -> str:
    """What a person calls a type."""
    plain = resolved(type_)
    if isinstance(plain, Scalar):
        return plain.kind.value
    return "a list" if isinstance(plain, ListOf) else "a mapping"


def zero(type_: Type) -> Any:
    """What Go has where a list or a map holds a null."""
    plain = resolved(type_)
    if isinstance(plain, Scalar):
        return _ZEROS.get(plain.kind, "")
    return [] if isinstance(plain, ListOf) else {}


def _wrong(kind: ScalarKind, value: Any) -> ScalarError:
    hint = ""
    if kind is ScalarKind.STRING and isinstance(value, bool | int | float):
        hint = "put quotes around it to make it a text"
    elif kind in (ScalarKind.INT64, ScalarKind.INT32, ScalarKind.BOOL) and isinstance(value, str):
        hint = "write it without quotes"
    return ScalarError(Fault.WRONG_TYPE, f"expected {kind.value}, got {described(value)}", hint)


def _string(value: Any) -> Any:
    if isinstance(value, str):
        return value
    raise _wrong(ScalarKind.STRING, value)


def _bool(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    raise _wrong(ScalarKind.BOOL, value)


def _integer(kind: ScalarKind, bits: int) -> Callable[[Any], Any]:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(kind, value)
        if isinstance(value, float):
            # A YAML float without a fraction (1e3, 2.0) reaches Go's decoder as an integer's text.
            if not value.is_integer() or abs(value) >= 1e21:
                raise _wrong(kind, value)
            value = int(value)
        if not low <= value <= high:
            raise ScalarError(Fault.NUMBER_RANGE, f"{value} does not fit into {bits} bits")
        return value

    return read


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        hint = f"write {value}s for seconds" if isinstance(value, int) and not isinstance(value, bool) else ""
        message = f"expected {ScalarKind.DURATION.value}, got {described(value)}"
        raise ScalarError(Fault.WRONG_TYPE, message, hint)
    try:
        parse_duration(value)
    except DurationError as error:
        raise ScalarError(Fault.BAD_DURATION, str(error)) from None
    return value


def _quantity(value: Any) -> Any:
    from holkas_compat.manifest.quantity import QuantityError, canonical_quantity

    if isinstance(value, int | float) and not isinstance(value, bool):
        value = number_text(value)
    if not isinstance(value, str):
        raise _wrong(ScalarKind.QUANTITY, value)
    try:
        canonical_quantity(value.strip())
    except QuantityError as error:
        raise ScalarError(Fault.BAD_QUANTITY, str(error)) from None
    return value


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        raise _wrong(ScalarKind.TIME, value)
    try:
        if not re.fullmatch(_TIME, value):
            raise ValueError
        datetime.fromisoformat(value[:19])
    except ValueError:
        message = f'"{value}" is no time: write it as 2006-01-02T15:04:05Z'
        raise ScalarError(Fault.BAD_TIME, message) from None
    return value


def _int_or_string(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(ScalarKind.INT_OR_STRING, value)
    return _INT32(value)


_INT32 = _integer(ScalarKind.INT32, 32)

READERS: Mapping[ScalarKind, Callable[[Any], Any]] = {
    ScalarKind.STRING: _string,
    ScalarKind.BOOL: _bool,
    ScalarKind.INT64: _integer(ScalarKind.INT64, 64),
    ScalarKind.INT32: _INT32,
    ScalarKind.DURATION: _duration,
    ScalarKind.TIME: _time,
    ScalarKind.QUANTITY: _quantity,
    ScalarKind.INT_OR_STRING: _int_or_string,
    ScalarKind.ANY: lambda value: value,
}
"""What reads a scalar that is not null; each raises ScalarError. A param's value is read by Tekton's own rules."""

_ZEROS: dict[ScalarKind, Any] = {
    ScalarKind.BOOL: False,
    ScalarKind.INT64: 0,
    ScalarKind.INT32: 0,
    ScalarKind.QUANTITY: "0",
    ScalarKind.INT_OR_STRING: 0,
}
