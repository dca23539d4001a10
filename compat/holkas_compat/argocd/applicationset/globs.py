"""Patterns of paths: Go's path.Match for directories, doublestar for files, git's own for files as it was first.

Source: documentation of Go's package path (Match), of doublestar, and of git ("pathspec"). Matching takes time in
proportion to pattern and path, whatever the pattern is.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

_MOST_ALTERNATIVES = 256
_SIGNS = re.compile(r"\\.|\[[!^]?(?:\\.|[^]\\])+\]|[{},]", re.DOTALL)
"""What counts for alternatives: braces and commas, but not those after a backslash or in a class."""


class BadPattern(ValueError):
    """A pattern that cannot be read."""


Part = str | None | tuple[bool, tuple[tuple[str, str], ...]]
"""A sign, ``*`` (None), or a class: whether it is negated, and its ranges. ``?`` is a class of everything."""

_ANY: Part = (True, ())


@lru_cache(maxsize=1024)
def _parts(pattern: str, strict: bool = False) -> tuple[Part, ...]:
    parts: list[Part] = []
    index = 0
    while index < len(pattern):
        sign = pattern[index]
        index += 1
        if sign == "*":
            if not parts or parts[-1] is not None:
                parts.append(None)
        elif sign == "?":
            parts.append(_ANY)
        elif sign == "[":
            part, index = _class(pattern, index, strict)
            parts.append(part)
        elif sign == "\\":
            if index >= len(pattern):
                raise BadPattern(pattern)
            parts.append(pattern[index])
            index += 1
        else:
            parts.append(sign)
    return tuple(parts)


def _class(pattern: str, index: int, strict: bool) -> tuple[Part, int]:
    """strict: as Go's path.Match has it, which negates with ``^`` only and wants a backslash before ``-`` and ``]``."""
    negated = pattern[index : index + 1] in (("^",) if strict else ("^", "!"))
    index += negated
    ranges: list[tuple[str, str]] = []
    while pattern[index : index + 1] != "]" or (strict and not ranges):
        low, index = _class_sign(pattern, index, strict)
        high = low
        follows = pattern[index + 1 : index + 2]
        if pattern[index : index + 1] == "-" and (strict or follows not in ("]", "")):
            high, index = _class_sign(pattern, index + 1, strict)
        ranges.append((low, high))
    if not ranges:
        raise BadPattern(pattern)
    return (negated, tuple(ranges)), index + 1


def _class_sign(pattern: str, index: int, strict: bool) -> tuple[str, int]:
    escaped = pattern[index : index + 1] == "\\"
    index += escaped
    if index >= len(pattern) or (strict and not escaped and pattern[index] in "-]"):
        raise BadPattern(pattern)
    return pattern[index], index + 1


def _fits(part: Part, sign: str) -> bool:
    if isinstance(part, tuple):
        negated, ranges = part
        return any(low <= sign <= high for low, high in ranges) != negated
    return part == sign


def _segment(parts: tuple[Part, ...], text: str) -> bool:
    """Wildcards against one text, going back to the last star only."""
    at = index = 0
    star, mark = -1, 0
    while at < len(text):
        if index < len(parts) and parts[index] is not None and _fits(parts[index], text[at]):
            at, index = at + 1, index + 1
        elif index < len(parts) and parts[index] is None:
            star, mark, index = index, at, index + 1
        elif star >= 0:
            mark += 1
            at, index = mark, star + 1
        else:
            return False
    return all(part is None for part in parts[index:])


def match(pattern: str, path: str) -> bool:
    """Go's path.Match: no wildcard crosses a slash. Never for a pattern that cannot be read."""
    wanted, found = pattern.split("/"), path.split("/")
    try:
        return len(wanted) == len(found) and all(
            _segment(_parts(part, strict=True), name) for part, name in zip(wanted, found, strict=True)
        )
    except BadPattern:
        return False


def match_tree(pattern: str, path: str) -> bool:
    """doublestar: no wildcard crosses a slash but ``**``, which stands for any directories; ``{a,b}`` for alternatives.

    A pattern that is a path with ``.`` or ``..`` means what the path means. Never for one that cannot be read.
    """
    names = path.split("/")
    cleaned = posixpath.normpath(f"/{pattern}").lstrip("/")
    try:
        return any(_tree(one.split("/"), names) for one in _alternatives(cleaned))
    except BadPattern:
        return False


def _tree(wanted: list[str], names: list[str]) -> bool:
    """Which beginnings of the path each beginning of the pattern matches, one segment after the other."""
    reached = {0}
    for index, part in enumerate(wanted):
        if part == "**":
            last = index == len(wanted) - 1  # then it stands for what is in a directory, and a file is none
            reached = set(range(min(reached) + last, len(names) + 1)) if reached else reached
        else:
            parts = _parts(part)
            reached = {at + 1 for at in reached if at < len(names) and _segment(parts, names[at])}
    return len(names) in reached


@lru_cache(maxsize=256)
def _alternatives(pattern: str) -> tuple[str, ...]:
    """The patterns that ``{a,b}`` stands for; a backslash makes a brace or a comma a sign like others."""
    made: list[str] = []
    waiting = [pattern]
    while waiting:
        if len(made) + len(waiting) > _MOST_ALTERNATIVES:
            raise BadPattern(pattern)
        one = waiting.pop()
        depth, opening, pieces, begin = 0, -1, [], 0
        for sign in _SIGNS.finditer(one):
            if sign[0] == "{":
                depth += 1
                if depth == 1:
                    opening, begin = sign.start(), sign.end()
            elif sign[0] == "}":
                depth -= 1
                if depth <= 0:
                    break
            elif sign[0] == "," and depth == 1:
                pieces.append(one[begin : sign.start()])
                begin = sign.end()
        else:
            if depth:
                raise BadPattern(pattern)
            made.append(one)
            continue
        if depth < 0:
            raise BadPattern(pattern)
        if last := one[begin : sign.start()]:  # an empty one is never tried where it stands last
            pieces.append(last)
        waiting += [one[:opening] + piece + one[sign.end() :] for piece in pieces]
    return tuple(made)


def match_old(pattern: str, path: str) -> bool:
    """git's pathspec: wildcards cross slashes, and a directory stands for everything in it."""
    cleaned = posixpath.normpath(pattern or ".")
    if cleaned == "." or path == cleaned or path.startswith(f"{cleaned}/"):
        return path != pattern.rstrip("/") or not pattern.endswith("/")
    try:
        return _segment(_parts(cleaned + "/" * pattern.endswith("/")), path)
    except BadPattern:
        return False
