"""The body of an event as Go's decoder reads it: numbers are floats, broken text is replaced.

Source: Go's encoding/json (Unmarshal into interface{}). Nesting is limited to less than Go's 10 000 levels, which no
sender of events comes near.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from holkas.yaml.json_stream import without_surrogates

MAX_DEPTH = 128


class BodyError(ValueError):
    """The body is no JSON. The message shows nothing of it."""


def read_json(data: bytes) -> Any:
    """The value of a body; None for an empty one. Raises BodyError."""
    if not data.strip():
        return None
    try:
        value = json.loads(
            data.decode("utf-8", "replace"), parse_int=_number, parse_float=_number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise BodyError(f"the body is no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise BodyError(f"the body is nested more than {MAX_DEPTH} levels deep") from None
    except ValueError as error:
        raise BodyError(f"the body is no JSON: {error}") from None
    _check_depth(value)
    return without_surrogates(value) if b"\\u" in data else value


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise BodyError(f"the body is nested more than {MAX_DEPTH} levels deep")
