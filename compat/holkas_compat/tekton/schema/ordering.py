"""Objects in the order in which people write Tekton's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.tekton.schema.kinds import table
from holkas_compat.tekton.schema.types import ListOf, MapOf, Struct, Type, resolved


def ordered(obj: Mapping[str, Any]) -> dict[str, Any]:
    """A Tekton object with its fields in the customary order; nothing is added, left out or changed.

    Fields that Tekton does not know keep their order behind the known ones, and so do objects of other kinds.
    """
    schema = table(str(obj.get("kind", "")), str(obj.get("apiVersion", "")))
    return dict(obj) if schema is None else ordered_as(schema, obj)


def ordered_as(schema: Struct, value: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a value that is known to be of a table's type."""
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
