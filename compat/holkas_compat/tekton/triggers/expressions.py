"""The expressions ``$(…)`` in the values of bindings.

Source: pkg/template/jsonpath.go (findTektonExpressions), trigger_binding_validation.go; docs/triggerbindings.md,
"Accessing data in HTTP JSON payloads".
"""

from __future__ import annotations

from collections.abc import Iterator

from holkas_compat.tekton.triggers.headers import canonical_name

_OPEN = "$("
_HEADER = "header."


def find(value: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and inside of every expression; of nested ones the innermost. Brackets inside are balanced."""
    start = value.find(_OPEN)
    while start >= 0:
        following = value.find(_OPEN, start + 2)
        inside = value[start + 2 : following if following >= 0 else len(value)]
        length = _end(inside)
        if length >= 0:
            yield start, start + 2 + length + 1, _canonical(inside[:length])
        start = following


def is_terminated(value: str) -> bool:
    """Whether every ``$(`` but the last one has its ``)`` before the next one: what admission looks at."""
    parts = value.split(_OPEN)[1:-1]
    return all(_end(part) >= 0 for part in parts)


def _end(text: str) -> int:
    """The place of the first bracket that closes more than was opened, -1 where there is none."""
    depth = 0
    for index, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth < 0:
                return index
    return -1


def _canonical(inside: str) -> str:
    if inside.startswith(_HEADER):
        return _HEADER + canonical_name(inside[len(_HEADER) :])
    return inside
