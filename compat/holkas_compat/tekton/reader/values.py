"""Values of params and results: string, array of strings, or object with string values.

What is none of these becomes a string with its JSON text: numbers, booleans, nested arrays and objects.
Source: Tekton's ParamValue.UnmarshalJSON (pkg/apis/pipeline/v1/param_types.go).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas.model.value import Value

_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def read_value(raw: Any) -> Value:
    """A value from a manifest. Nulls inside an array or an object are empty strings, as Go decodes them."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, list) and all(item is None or isinstance(item, str) for item in raw):
        return tuple(item or "" for item in raw)
    if isinstance(raw, Mapping) and all(item is None or isinstance(item, str) for item in raw.values()):
        return {key: item or "" for key, item in raw.items()}
    return json_text(raw)


def json_text(value: Any) -> str:
    """Compact JSON as Go's encoding/json writes it: sorted keys, ``<>&`` escaped, Go's numbers."""
    if isinstance(value, Mapping):
        pairs = (f"{json_text(str(key))}:{json_text(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, float):
        return _float_text(value)
    return json.dumps(value, ensure_ascii=False).translate(_HTML)


def _float_text(value: float) -> str:
    """Go writes a float without exponent from 1e-6 up to 1e21, and exponents without a leading zero."""
    text = repr(value)
    if value and not 1e-6 <= abs(value) < 1e21:
        mantissa, _, exponent = f"{text if 'e' in text else f'{value:e}'}".partition("e")
        digits = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return (
            f"{digits}e{exponent[0]}{exponent[1:].lstrip('0')}"
            if exponent[0] in "+-"
            else f"{digits}e+{exponent}"
        )
    if "e" in text:
        text = f"{value:.25f}".rstrip("0") if abs(value) < 1 else f"{value:.0f}"
    return text.removesuffix(".0")
