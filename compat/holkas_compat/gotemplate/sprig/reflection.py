"""Types of values. Source: sprig's documentation, "Reflection Functions"."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.sameness import same
from holkas_compat.gotemplate.values import kind_name, type_name

REFLECTION: Mapping[str, Function] = {
    "typeOf": function(type_name, "any"),
    "typeIs": function(lambda wanted, value: type_name(value) == wanted, "string any"),
    "typeIsLike": function(lambda wanted, value: type_name(value) in (wanted, "*" + wanted), "string any"),
    "kindOf": function(kind_name, "any"),
    "kindIs": function(lambda wanted, value: kind_name(value) == wanted, "string any"),
    "deepEqual": function(same, "any any"),
}
"""Name → function."""
