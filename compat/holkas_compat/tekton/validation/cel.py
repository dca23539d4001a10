"""Whether a CEL expression can be compiled in the empty environment that Tekton gives it."""

from __future__ import annotations


def compile_fault(expression: str) -> str:
    """What is wrong with an expression in one line; empty if nothing is."""
    import cel  # loads a shared library; only CEL needs it

    try:
        cel.compile(expression)
    except (ValueError, RuntimeError, TypeError) as error:
        lines = str(error).strip().splitlines()
        return lines[0] if lines else "it cannot be parsed"
    return ""
