"""A function that templates may call: Python's, with the types that Go's would ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from holkas.records import dataclass

TYPE_NAMES = {
    "any": "interface {}",
    "value": "reflect.Value",
    "string": "string",
    "int": "int",
    "int64": "int64",
    "bool": "bool",
    "float64": "float64",
    "map": "map[string]interface {}",
    "time": "time.Time",
}


@dataclass(frozen=True, slots=True)
class Function:
    """``parameters``: names of :data:`TYPE_NAMES`. ``rest``: the type of any further arguments, empty for none."""

    call: Callable[..., Any]
    parameters: tuple[str, ...] = ()
    rest: str = ""


def function(call: Callable[..., Any], signature: str = "") -> Function:
    """A function with its types in a text: ``int string``, ``any any...``."""
    words = signature.split()
    if words and words[-1].endswith("..."):
        return Function(call, tuple(words[:-1]), words[-1][:-3])
    return Function(call, tuple(words))
