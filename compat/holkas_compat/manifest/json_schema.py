"""JSON Schemas (draft 2020-12) made from tables of types, for editors and other tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field as plain_field
from typing import Any

from holkas.records import dataclass

from holkas_compat.manifest.metadata import OBJECT_META
from holkas_compat.manifest.types import Field, ListOf, MapOf, Scalar, ScalarKind, Struct, Type, resolved

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALARS: dict[ScalarKind, dict[str, Any]] = {
    ScalarKind.STRING: {"type": "string"},
    ScalarKind.BOOL: {"type": "boolean"},
    ScalarKind.INT64: {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    ScalarKind.INT32: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    ScalarKind.DURATION: {
        "type": "string",
        "pattern": r"^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$",
        "examples": ["1h30m", "90s"],
    },
    ScalarKind.TIME: {"type": "string", "format": "date-time"},
    ScalarKind.QUANTITY: {
        "type": ["string", "number"],
        "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
        "examples": ["500m", "1Gi"],
    },
    ScalarKind.INT_OR_STRING: {"type": ["integer", "string"]},
    ScalarKind.PARAM_VALUE: {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {"type": "array", "items": {"type": ["string", "null"]}},
            {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        ]
    },
    ScalarKind.ANY: {},
}

Words = Mapping[tuple[str, str], list[str]]
"""The values that a text may have, by table and field (``v1.WhenExpression``, ``operator``)."""


def object_schema(
    root: Struct,
    kind: str,
    api_version: str,
    *,
    words: Words,
    required: Mapping[str, tuple[str, ...]] | None = None,
    open_metadata: bool = True,
) -> dict[str, Any]:
    """The JSON Schema of a kind whose table is ``root``.

    required: names of the fields that must be there, by name of the table. open_metadata: unknown fields of the
    metadata are allowed, because only Kubernetes judges them.
    """
    maker = _Maker(words, required or {}, open_metadata)
    schema = maker.object(root)
    schema["properties"]["apiVersion"] = {"const": api_version}
    schema["properties"]["kind"] = {"const": kind}
    named = [name for name in schema.pop("required", ()) if name not in ("apiVersion", "kind")]
    return {
        "$schema": DIALECT,
        "title": f"{kind} ({api_version})",
        **schema,
        "required": ["apiVersion", "kind", *named],
        "$defs": dict(sorted(maker.definitions.items())),
    }


@dataclass(slots=True)
class _Maker:
    """One schema while it is made."""

    words: Words
    required: Mapping[str, tuple[str, ...]]
    open_metadata: bool
    definitions: dict[str, Any] = plain_field(default_factory=dict)

    def object(self, table: Struct) -> dict[str, Any]:
        """A struct."""
        properties = {name: self.field(table, name, field) for name, field in table.fields.items()}
        made = {
            "type": "object",
            "properties": properties,
            "additionalProperties": self.open_metadata and table is OBJECT_META,
        }
        required = self.required.get(table.name)
        return {**made, "required": list(required)} if required else made

    def field(self, owner: Struct, name: str, field: Field) -> dict[str, Any]:
        """A field of a struct."""
        words = self.words.get((owner.name, name))
        made = {"type": "string", "enum": words} if words else self.type(field.type)
        return {**made, "deprecated": True} if field.deprecated else made

    def type(self, type_: Type) -> dict[str, Any]:
        """Any type."""
        type_ = resolved(type_)
        if isinstance(type_, Scalar):
            return dict(_SCALARS[type_.kind])
        if isinstance(type_, ListOf):
            return {"type": "array", "items": self.type(type_.item)}
        if isinstance(type_, MapOf):
            return {"type": "object", "additionalProperties": self.type(type_.value)}
        if type_.name not in self.definitions:
            self.definitions[
                type_.name
            ] = {}  # taken before its fields are looked at: tables refer to each other
            self.definitions[type_.name] = self.object(type_)
        return {"$ref": f"#/$defs/{type_.name}"}
