"""JSON text as Go's encoding/json writes it: compact, with ``<``, ``>`` and ``&`` escaped."""

from __future__ import annotations

import json
from typing import Any

_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def number_text(value: int | float) -> str:
    """A number as JSON text; floats from 1e-6 up to 1e21 are written without an exponent."""
    if isinstance(value, int):
        return str(value)
    size = abs(value)
    if size == 0 or 1e-6 <= size < 1e21:
        from decimal import Decimal

        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = repr(value).partition("e")
    sign, digits = exponent[:1], exponent[1:].lstrip("0")
    return f"{mantissa.removesuffix('.0')}e{sign}{digits}"


def json_text(value: Any, *, sort_keys: bool = True) -> str:
    """Any plain value as JSON text. Without ``sort_keys`` mappings keep their order, as structs do in Go."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).translate(_HTML)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(json_text(item, sort_keys=sort_keys) for item in value)}]"
    keys = sorted(value) if sort_keys else list(value)
    parts = (f"{json_text(str(key))}:{json_text(value[key], sort_keys=sort_keys)}" for key in keys)
    return f"{{{','.join(parts)}}}"
