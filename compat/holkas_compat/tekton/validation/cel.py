"""Whether a CEL expression can be compiled in the empty environment that Tekton gives it.

Tekton compiles with cel-go, which checks types. The library here checks them only when it evaluates, so a
constant expression is evaluated, and mistakes that depend on values (a division by zero, say) do not count.
"""

from __future__ import annotations

import re

_TYPES = frozenset(
    {"bool", "bytes", "double", "dyn", "google", "int", "list", "map", "null_type", "string", "type", "uint"}
)
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([_a-zA-Z]\w*)\s*,")
_STATIC = ("Undefined variable", "No such overload", "Unsupported operation")
_TEXT = r"""(?:'[^'\\]*'|"[^"\\]*")"""
_OTHER = r"(?:-?\d+(?:\.\d+)?|true|false)"
_EDGE = r"(?:^|&&|\|\||[(!?:])"
_END = r"(?=\s*(?:$|&&|\|\||[)?:]))"
_MIXED = re.compile(rf"{_EDGE}\s*(?:{_TEXT}\s*[=!]=\s*{_OTHER}|{_OTHER}\s*[=!]=\s*{_TEXT}){_END}")


def compile_fault(expression: str) -> str:
    """What is wrong with an expression, in one line; empty if nothing is."""
    import cel  # loads a shared library; only CEL needs it

    try:
        program = cel.compile(expression)
    except (ValueError, RuntimeError, TypeError) as error:
        return _line(error)
    if mixed := _MIXED.search(expression):
        return f"a text is compared with something else: {mixed[0].strip()}"
    bound = set(_BOUND.findall(expression))
    unknown = [name for name in program.variables() if name not in bound and name not in _TYPES]
    if unknown:
        return f"unknown name {unknown[0]}"
    try:
        program.execute()
    except (ValueError, RuntimeError, TypeError, ArithmeticError) as error:
        line = _line(error)
        return line if line.startswith(_STATIC) else ""
    return ""


def _line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].split(": ERROR: ")[-1] if lines else "it cannot be parsed"
