"""Defaults and choices. Source: sprig's documentation, "Default Functions" and "Flow Control Functions"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.values import truth


def empty(value: Any) -> bool:
    """Whether a value is the zero value of its type, or has no elements."""
    return not truth(value)


def default(fallback: Any, *given: Any) -> Any:
    """What is given, or the fallback where that is empty."""
    return fallback if not given or empty(given[0]) else given[0]


def coalesce(*values: Any) -> Any:
    """The first value that is not empty."""
    return next((value for value in values if not empty(value)), None)


def fail(message: str) -> NoReturn:
    """Ends the template. Raises FunctionError."""
    raise FunctionError(message)


DEFAULTS: Mapping[str, Function] = {
    "default": function(default, "any any..."),
    "empty": function(empty, "any"),
    "coalesce": function(coalesce, "any..."),
    "all": function(lambda *values: not any(map(empty, values)), "any..."),
    "any": function(lambda *values: not all(map(empty, values)), "any..."),
    "ternary": function(lambda yes, no, which: yes if which else no, "any any bool"),
    "fail": function(fail, "string"),
}
"""Name → function."""
