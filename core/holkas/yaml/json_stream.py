"""JSON files: what Kubernetes' decoder reads with its JSON reader instead of the YAML one."""

from __future__ import annotations

import json
from typing import Any

from holkas.yaml.limits import Limits
from holkas.yaml.scalars import ScalarError, to_json


class _NotPlainJson(ValueError):
    """The YAML reader has to say what is wrong."""


def read_json(text: str, limits: Limits) -> list[Any] | None:
    """The values of a text that begins with ``{`` and is JSON, one after the other; None for anything else.

    None as well for JSON with duplicate keys, too many levels or numbers out of range: the YAML reader knows how to
    refuse these with a position.
    """
    text = text.strip(" \t\r\n")
    if not text.startswith("{") or _too_deep(text, limits.depth):
        return None
    decoder = json.JSONDecoder(
        object_pairs_hook=_mapping, parse_int=_whole, parse_float=_decimal, parse_constant=_none
    )
    values = []
    position = 0
    try:
        while position < len(text):
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            while text[position : position + 1] in (" ", "\t", "\r", "\n"):
                position += 1
        return [without_surrogates(value) for value in values] if "\\u" in text else values
    except (ValueError, RecursionError, ScalarError):
        return None


def without_surrogates(value: Any) -> Any:
    """The value with U+FFFD for each half of a surrogate pair, as Go's encoding/json reads it.

    No encoder would write such a half again. Of two keys that become one the last stays.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    return value


def _too_deep(text: str, limit: int) -> bool:
    """Whether more brackets are open somewhere than are allowed, brackets in strings counted too."""
    if text.count("{") + text.count("[") <= limit:
        return False
    depth = 0
    for part in text.replace("[", "{").replace("]", "}").split("{"):
        depth += 1 - part.count("}")
        if depth > limit + 1:
            return True
    return False


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _NotPlainJson
    return mapping


def _whole(digits: str) -> int | float:
    number = int(digits) if len(digits) < 24 else None
    return number if number is not None and -(1 << 63) <= number < 1 << 64 else _decimal(digits)


def _decimal(digits: str) -> int | float:
    number: int | float = to_json(float(digits))
    return number


def _none(name: str) -> Any:
    raise _NotPlainJson
