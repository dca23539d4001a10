"""How much an expression may ask for before it is given to the library, which can neither be limited nor interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LENGTH = 100_000
"""Characters; cel-go's own limit."""
MAX_OPERATORS = 1000
"""Operators, selectors and opened brackets: the library goes one call deeper for many of them."""
MAX_STEPS = 100_000
"""Turns of all loops, as estimated."""

_LOOPS = frozenset({"all", "exists", "exists_one", "existsOne", "map", "filter"})
_PART = re.compile(
    r"//[^\n]*"
    r'|[bB]?[rR][bB]?(?:"""(?:.|\n)*?(?:"""|\Z)|"[^"\n]*"?)'
    r"|[bB]?[rR][bB]?(?:'{3}(?:.|\n)*?(?:'{3}|\Z)|'[^'\n]*'?)"
    r'|[bB]?(?:"""(?:\\(?:.|\n)|[^\\])*?(?:"""|\\?\Z)|"(?:\\.|[^"\\\n])*"?)'
    r"|[bB]?(?:'{3}(?:\\(?:.|\n)|[^\\])*?(?:'{3}|\\?\Z)|'(?:\\.|[^'\\\n])*'?)"
    r"|[0-9][\w.]*"
    r"|(?P<part>[_a-zA-Z]\w*|&&|\|\||[!=<>]=|[^\s\w])"
)


def excess(expression: str) -> str:
    """Why an expression is too long or too deep to be parsed, in a few words; empty if it is not."""
    if len(expression) > MAX_LENGTH:
        return f"the expression has {len(expression)} characters, more than {MAX_LENGTH}"
    operators = sum(
        part == "in" or not (part[0].isidentifier() or part in ",)]}") for part in _parts(expression)
    )
    if operators > MAX_OPERATORS:
        return f"the expression has {operators} operators, more than {MAX_OPERATORS}"
    return ""


def extravagance(expression: str) -> str:
    """Why an expression would take too long to evaluate, in a few words; empty if it would not.

    The estimate knows no values: a loop turns as often as the whole expression has elements at the most, loops within
    a loop as often each time, and whatever is added within a loop may double something each time.
    """
    elements, loops, deepest, depth, sums = 1, 0, 0, 0, 0
    brackets: list[bool] = []
    before = ""
    for part in _parts(expression):
        if part in "([{":
            brackets.append(part == "(" and before in _LOOPS)
            loops += brackets[-1]
            depth += brackets[-1]
            deepest = max(deepest, depth)
        elif part in ")]}":
            depth -= brackets.pop() if brackets else False
        elements += part == ","
        sums += part == "+" and depth > 0
        before = part
    # Far beyond the limit the number itself would be a burden.
    steps = loops * elements ** min(deepest, 64) * 2 ** min(sums, 64)
    if steps > MAX_STEPS:
        return f"the loops of the expression may take more than {MAX_STEPS} steps"
    return ""


def _parts(expression: str) -> Iterator[str]:
    """Words and signs; text, numbers and comments are left out."""
    for match in _PART.finditer(expression):
        if part := match["part"]:
            yield part
