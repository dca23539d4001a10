"""What expressions may name.

Source: docs/cel_expressions.md; pkg/interceptors/cel/cel.go (makeCelEnv: Triggers' own functions, cel-go's strings and
encoders).
"""

from __future__ import annotations

VARIABLES = ("body", "header", "extensions", "requestURL")

TRIGGERS_FUNCTIONS = frozenset(
    (
        "canonical",
        "compareSecret",
        "decodeb64",
        "first",
        "last",
        "marshalJSON",
        "match",
        "parseJSON",
        "parseURL",
        "parseYAML",
        "split",
        "translate",
        "truncate",
    )
)

_STRINGS = frozenset(
    (
        "charAt",
        "indexOf",
        "join",
        "lastIndexOf",
        "lowerAscii",
        "replace",
        "reverse",
        "strings.quote",
        "substring",
        "trim",
        "upperAscii",
        "base64.decode",
        "base64.encode",
    )
)

_LANGUAGE = frozenset(
    (
        "all",
        "bool",
        "bytes",
        "contains",
        "double",
        "duration",
        "dyn",
        "endsWith",
        "exists",
        "exists_one",
        "filter",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
        "has",
        "int",
        "map",
        "matches",
        "size",
        "startsWith",
        "string",
        "timestamp",
        "type",
        "uint",
    )
)

FUNCTIONS = TRIGGERS_FUNCTIONS | _STRINGS | _LANGUAGE

TYPES = frozenset(
    (
        "bool",
        "bytes",
        "double",
        "dyn",
        "int",
        "list",
        "map",
        "null_type",
        "string",
        "type",
        "uint",
        "strings",
        "base64",
    )
)
"""Names of types, and of the spaces that functions are in."""
