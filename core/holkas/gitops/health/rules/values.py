"""Values of manifests, found by path and compared as health rules compare them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

Path = tuple[str, ...]

EVERY, LAST = "[*]", "[-1]"
"""Parts of a path: every element of a list or value of a mapping, the last element of a list."""

_PART = re.compile(r"\.(?:\"([^\"]+)\"|([^.\[\]\"]+))|(\[(?:\*|-1)\])")


def split_path(text: str) -> Path:
    """``.status.parents[*].name`` in parts; a key with dots is written ``."a.b/c"``. Raises ValueError."""
    parts: list[str] = []
    end = 0
    while end < len(text):
        match = _PART.match(text, end)
        if match is None:
            raise ValueError(f"no path: {text!r}")
        parts.append(match.group(1) or match.group(2) or match.group(3))
        end = match.end()
    return tuple(parts)


def select(node: Any, path: Path) -> Iterator[Any]:
    """The values at a path that are there, null left out."""
    if not path:
        if node is not None:
            yield node
        return
    part, rest = path[0], path[1:]
    if part == LAST:
        if isinstance(node, list) and node:
            yield from select(node[-1], rest)
        return
    if part != EVERY:
        if isinstance(node, Mapping):
            yield from select(node.get(part), rest)
        return
    if isinstance(node, Mapping):
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from select(item, rest)


def compare(left: Iterable[Any], sign: str, right: Iterable[Any]) -> bool:
    """Whether the comparison holds for one value of each side (for ``!=``: for one on the left and all on the right).

    Numbers are compared as numbers (``2/3`` is one), everything else as text, as which timestamps have their order; in
    a text on the right ``*`` stands for any text and ``?`` for one character.
    """
    others = list(right)
    if not others:
        return False
    if sign == "!=":
        return any(not any(_equal(value, other) for other in others) for value in left)
    if sign == "=":
        return any(_equal(value, other) for value in left for other in others)
    return any(_ordered(value, sign, other) for value in left for other in others)


def as_text(value: Any) -> str:
    """A scalar as it would stand in JSON, without quotes; null and whatever is no scalar is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""


def _equal(value: Any, other: Any) -> bool:
    if value is other:
        return True
    text, wanted = as_text(value), as_text(other)
    if isinstance(other, str) and ("*" in wanted or "?" in wanted):
        return _glob(wanted).fullmatch(text) is not None
    if text == wanted:
        return isinstance(value, (str, int, float))
    number, goal = as_number(value), as_number(other)
    return number is not None and number == goal


def _ordered(value: Any, sign: str, other: Any) -> bool:
    number, goal = as_number(value), as_number(other)
    if number is not None and goal is not None:
        return _in_order(number, sign, goal)
    if isinstance(value, str) and isinstance(other, str):
        return _in_order(value, sign, other)
    return False


def _in_order(value: Any, sign: str, other: Any) -> bool:
    match sign:
        case "<":
            return bool(value < other)
        case "<=":
            return bool(value <= other)
        case ">":
            return bool(value > other)
    return bool(value >= other)


def as_number(value: Any) -> float | None:
    """A number, or a text that is one (``2/3`` is); None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        part, slash, whole = value.partition("/")
        try:
            return float(part) / float(whole) if slash else float(part)
        except (ValueError, ZeroDivisionError):
            return None
    return None


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
