"""JSON Schemas (draft 2020-12) of Tekton's kinds, made from the tables, for editors and other tools."""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.schema.kinds import table, versions
from holkas_compat.tekton.schema.kubernetes_meta import OBJECT_META
from holkas_compat.tekton.schema.types import (
    Field,
    ListOf,
    MapOf,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    resolved,
)

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

_TYPES = ["string", "array", "object"]

_WORDS: dict[tuple[str, str], list[str]] = {
    ("v1.ParamSpec", "type"): _TYPES,
    ("v1.TaskResult", "type"): _TYPES,
    ("v1.StepResult", "type"): _TYPES,
    ("v1.PipelineResult", "type"): _TYPES,
    ("v1.PropertySpec", "type"): ["string"],
    ("v1.WhenExpression", "operator"): ["in", "notin"],
    ("v1.PipelineTask", "onError"): ["continue", "stopAndFail"],
    ("v1beta1.PipelineTask", "onError"): ["continue", "stopAndFail"],
    ("v1alpha1.VerificationPolicySpec", "mode"): ["warn", "enforce"],
}


def schema_for(kind: str, api_version: str = "") -> dict[str, Any]:
    """The JSON Schema of a kind (``Task``) in a version (``tekton.dev/v1``), the newest if none is given.

    Raises LookupError with a sentence for a kind or version that Tekton does not have.
    """
    known = versions(kind)
    if not known:
        raise LookupError(f'Tekton has no kind "{kind}"')
    api_version = api_version or known[0]
    root = table(kind, api_version)
    if root is None:
        raise LookupError(f'{kind} does not exist in "{api_version}", but in {", ".join(known)}')
    definitions: dict[str, Any] = {}
    schema = _object(root, definitions)
    schema["properties"]["apiVersion"] = {"const": api_version}
    schema["properties"]["kind"] = {"const": kind}
    return {
        "$schema": DIALECT,
        "title": f"{kind} ({api_version})",
        **schema,
        "required": ["apiVersion", "kind"],
        "$defs": dict(sorted(definitions.items())),
    }


def _object(table_: Struct, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _field(table_, name, field, definitions) for name, field in table_.fields.items()}
    # Admission leaves the metadata to Kubernetes, which may know more fields than this table.
    return {"type": "object", "properties": properties, "additionalProperties": table_ is OBJECT_META}


def _field(owner: Struct, name: str, field: Field, definitions: dict[str, Any]) -> dict[str, Any]:
    words = _WORDS.get((owner.name, name))
    made = {"type": "string", "enum": words} if words else _type(field.type, definitions)
    return {**made, "deprecated": True} if field.deprecated else made


def _type(type_: Type, definitions: dict[str, Any]) -> dict[str, Any]:
    type_ = resolved(type_)
    if isinstance(type_, Scalar):
        return dict(_SCALARS[type_.kind])
    if isinstance(type_, ListOf):
        return {"type": "array", "items": _type(type_.item, definitions)}
    if isinstance(type_, MapOf):
        return {"type": "object", "additionalProperties": _type(type_.value, definitions)}
    if type_.name not in definitions:
        definitions[type_.name] = {}  # taken before its fields are looked at: tables refer to each other
        definitions[type_.name] = _object(type_, definitions)
    return {"$ref": f"#/$defs/{type_.name}"}
