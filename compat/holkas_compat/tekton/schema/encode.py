"""An object as Go would write it: in order, without empty optional fields, with canonical durations and quantities."""

from __future__ import annotations

from typing import Any

from holkas.model.duration import duration_text, parse_duration

from holkas_compat.manifest.quantity import canonical_quantity
from holkas_compat.manifest.types import (
    Emit,
    Field,
    ListOf,
    MapOf,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    resolved,
)

_EMPTY = ("", 0, False, None)


def encode(schema: Struct, value: dict[str, Any]) -> dict[str, Any]:
    """A decoded object of a table's type, written as ``json.Marshal`` writes it. Unknown fields are left out.

    Keys of maps are sorted. Raises DurationError or QuantityError for an object that was not decoded.
    """
    written: dict[str, Any] = {}
    for name, field in schema.fields.items():
        made = _field(field, value.get(name))
        if made is not _LEFT_OUT:
            written[name] = made
    return written


def encode_value(type_: Type, value: Any) -> Any:
    """The same for a value of any type that is not null."""
    return _value(type_, value)


def _field(field: Field, value: Any) -> Any:
    type_ = resolved(field.type)
    if value is None:
        return _absent(field, type_)
    made = _value(type_, value)
    if field.emit is Emit.OMIT and _is_empty(type_, made):
        return _LEFT_OUT
    return made


def _absent(field: Field, type_: Type) -> Any:
    if field.emit is Emit.VALUE:
        assert isinstance(type_, Struct)
        return encode(type_, {})
    if field.emit is not Emit.KEEP:
        return _LEFT_OUT
    if isinstance(type_, Scalar):
        return _KEPT_ZEROS.get(type_.kind, "")
    return None


def _is_empty(type_: Type, made: Any) -> bool:
    if isinstance(type_, Scalar):
        if type_.kind in (ScalarKind.DURATION, ScalarKind.QUANTITY, ScalarKind.ANY):
            return False
        return made in _EMPTY
    return not isinstance(type_, Struct) and not made


def _value(type_: Type, value: Any) -> Any:
    type_ = resolved(type_)
    if isinstance(type_, Struct):
        return encode(type_, value)
    if isinstance(type_, ListOf):
        return [_value(type_.item, item) for item in value]
    if isinstance(type_, MapOf):
        return {key: _value(type_.value, value[key]) for key in sorted(value)}
    assert isinstance(type_, Scalar)
    if type_.kind is ScalarKind.DURATION:
        return duration_text(parse_duration(value))
    if type_.kind is ScalarKind.QUANTITY:
        return canonical_quantity(str(value).strip())
    return value


_LEFT_OUT = object()

_KEPT_ZEROS: dict[ScalarKind, Any] = {
    ScalarKind.INT64: 0,
    ScalarKind.INT32: 0,
    ScalarKind.INT_OR_STRING: 0,
    ScalarKind.QUANTITY: "0",
    ScalarKind.TIME: None,
    ScalarKind.ANY: None,
}
