"""What can be said of an expression before there is an event: it is short enough, it parses, it knows its names.

cel-go checks types as well; here only an evaluation finds a wrong one.
"""

from __future__ import annotations

import re

from holkas.pipeline.cel_bounds import excess

from holkas_compat.tekton.triggers.cel.names import FUNCTIONS, TYPES, VARIABLES

MAX_LENGTH = 10_000
"""Characters of an expression."""

_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([_a-zA-Z]\w*)\s*,")
_NAME = re.compile(r"[a-zA-Z]")
_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in FUNCTIONS)


def syntax_fault(expression: str) -> str:
    """Why an expression cannot be read, in one line; empty if it can."""
    if len(expression) > MAX_LENGTH:
        return f"it has {len(expression)} characters, {MAX_LENGTH} are allowed"
    if too_much := excess(expression):
        return too_much
    import cel  # loads a shared library; only CEL needs it

    try:
        cel.compile(expression)
    except (ValueError, RuntimeError, TypeError) as error:
        lines = str(error).strip().splitlines()
        return lines[0].split(": ERROR: ")[-1] if lines else "it cannot be parsed"
    return ""


def fault(expression: str) -> str:
    """Why no event can make the expression work, in one line; empty where it may."""
    if found := syntax_fault(expression):
        return found
    import cel

    program = cel.compile(expression)
    bound = set(_BOUND.findall(expression))
    for name in program.variables():
        if name not in bound and name not in VARIABLES and name not in TYPES:
            return f"undeclared reference to '{name}'"
    for name in program.functions():
        # Operators are listed as well (_+_, !_, @in), and the functions in a space by their last part.
        if _NAME.match(name) and name not in FUNCTIONS and name not in _LAST_PARTS:
            return f"undeclared reference to function '{name}'"
    return ""
