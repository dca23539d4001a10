"""Values from the command line, brought to the type that a param declares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from holkas.go_json import json_text
from holkas.model.value import Value, ValueType, type_of


def typed(value: Value, wanted: ValueType) -> Value | None:
    """The value as ``wanted``; None where it cannot be.

    An array may be JSON or, as with ``tkn``, text with commas; an object is JSON. Numbers and booleans inside
    become their text. A string can be anything: what was taken for JSON becomes text again.
    """
    if wanted is ValueType.STRING:
        return value if isinstance(value, str) else json_text(value)
    if not isinstance(value, str):
        return value if type_of(value) is wanted else None
    text = value.strip()
    if wanted is ValueType.ARRAY and not text.startswith("["):
        return text.split(",") if text else []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if wanted is ValueType.ARRAY:
        return [_text(item) for item in found] if _flat(found) else None
    if isinstance(found, Mapping) and _flat(found.values()):
        return {key: _text(item) for key, item in found.items()}
    return None


def _flat(items: Iterable[Any]) -> bool:
    return not any(isinstance(item, list | dict) for item in items)


def _text(item: Any) -> str:
    return item if isinstance(item, str) else json_text(item)
