"""Objects in the order in which people write their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.types import ListOf, MapOf, Struct, Type, resolved


def ordered_as(schema: Struct, value: Mapping[str, Any]) -> dict[str, Any]:
    """A value of a table's type with its fields in the customary order; nothing is added, left out or changed.

    Fields that the table does not know keep their order behind the known ones.
    """
    made = {name: _value(field.type, value[name]) for name, field in schema.fields.items() if name in value}
    made.update({key: item for key, item in value.items() if key not in made})
    return made


def _value(type_: Type, value: Any) -> Any:
    type_ = resolved(type_)
    if isinstance(type_, Struct):
        return ordered_as(type_, value) if isinstance(value, Mapping) else value
    if isinstance(type_, ListOf) and isinstance(value, list):
        return [_value(type_.item, item) for item in value]
    if isinstance(type_, MapOf) and isinstance(value, Mapping):
        return {key: _value(type_.value, item) for key, item in value.items()}
    return value
