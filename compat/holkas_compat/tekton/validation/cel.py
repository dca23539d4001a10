"""Whether a CEL expression can be compiled in the empty environment that Tekton gives it.

Tekton compiles with cel-go, which checks types. The library here checks them only when it evaluates, so that types are
worked out before, a constant expression without loops is evaluated, and mistakes that depend on values (a division by
zero, say) do not count.
"""

from __future__ import annotations

import re

from holkas.pipeline.cel_bounds import excess

from holkas_compat.tekton.validation.cel_reader import mismatch

_TYPES = frozenset(
    {"bool", "bytes", "double", "dyn", "google", "int", "list", "map", "null_type", "string", "type", "uint"}
)
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([_a-zA-Z]\w*)\s*,")
_STATIC = ("Undefined variable", "No such overload")


def compile_fault(expression: str) -> str:
    """What is wrong with an expression, in one line; empty if nothing is."""
    if too_much := excess(expression):
        return too_much
    import cel  # loads a shared library; only CEL needs it

    try:
        program = cel.compile(expression)
    except (ValueError, RuntimeError, TypeError) as error:
        return _line(error)
    if wrong := mismatch(expression):
        return wrong
    bound = set(_BOUND.findall(expression))
    unknown = [name for name in program.variables() if name not in bound and name not in _TYPES]
    if unknown:
        return f"unknown name {unknown[0]}"
    if bound:
        return ""  # loops within loops can take for ever
    try:
        program.execute()
    except (ValueError, RuntimeError, TypeError, ArithmeticError, LookupError) as error:
        line = _line(error)
        return line if line.startswith(_STATIC) else ""
    return ""


def _line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].split(": ERROR: ")[-1] if lines else "it cannot be parsed"
