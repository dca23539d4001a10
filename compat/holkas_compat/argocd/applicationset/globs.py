"""Patterns of paths: Go's path.Match for directories, doublestar for files, git's own for files as it was first.

Source: documentation of Go's package path (Match), of doublestar, and of git ("pathspec"). Matching takes time in
proportion to pattern and path, whatever the pattern is.
"""

from __future__ import annotations

from functools import lru_cache

_MOST_ALTERNATIVES = 256


class BadPattern(ValueError):
    """A pattern that cannot be read."""


Part = str | None | tuple[bool, tuple[tuple[str, str], ...]]
"""A sign, ``*`` (None), or a class: whether it is negated, and its ranges. ``?`` is a class of everything."""

_ANY: Part = (True, ())


@lru_cache(maxsize=1024)
def _parts(pattern: str) -> tuple[Part, ...]:
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
            part, index = _class(pattern, index)
            parts.append(part)
        elif sign == "\\":
            if index >= len(pattern):
                raise BadPattern(pattern)
            parts.append(pattern[index])
            index += 1
        else:
            parts.append(sign)
    return tuple(parts)


def _class(pattern: str, index: int) -> tuple[Part, int]:
    negated = pattern[index : index + 1] in ("^", "!")
    index += negated
    ranges: list[tuple[str, str]] = []
    while index < len(pattern) and (pattern[index] != "]" or not ranges):
        low, index = _class_sign(pattern, index)
        high = low
        if pattern[index : index + 1] == "-":
            high, index = _class_sign(pattern, index + 1)
        ranges.append((low, high))
    if index >= len(pattern):
        raise BadPattern(pattern)
    return (negated, tuple(ranges)), index + 1


def _class_sign(pattern: str, index: int) -> tuple[str, int]:
    if pattern[index : index + 1] == "\\":
        index += 1
    if index >= len(pattern) or (pattern[index] in "-]" and pattern[index - 1 : index] != "\\"):
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
            _segment(_parts(part), name) for part, name in zip(wanted, found, strict=True)
        )
    except BadPattern:
        return False


def match_tree(pattern: str, path: str) -> bool:
    """doublestar: as Go's, and ``**`` for any directories, ``{a,b}`` for alternatives."""
    names = path.split("/")
    try:
        return any(_tree(one.split("/"), names) for one in _alternatives(pattern))
    except BadPattern:
        return False


def _tree(wanted: list[str], names: list[str]) -> bool:
    """Which beginnings of the path each beginning of the pattern matches, one segment after the other."""
    reached = {0}
    for part in wanted:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else reached
        else:
            parts = _parts(part)
            reached = {at + 1 for at in reached if at < len(names) and _segment(parts, names[at])}
    return len(names) in reached


@lru_cache(maxsize=256)
def _alternatives(pattern: str) -> tuple[str, ...]:
    """The patterns that ``{a,b}`` stands for."""
    made: list[str] = []
    waiting = [pattern]
    while waiting:
        if len(made) + len(waiting) > _MOST_ALTERNATIVES:
            raise BadPattern(pattern)
        one = waiting.pop()
        opening = one.find("{")
        if opening < 0:
            made.append(one)
            continue
        depth, begin, pieces, closing = 0, opening + 1, [], -1
        for index in range(opening, len(one)):
            if one[index] == "{":
                depth += 1
            elif one[index] == "}":
                depth -= 1
                if not depth:
                    closing = index
                    break
            elif one[index] == "," and depth == 1:
                pieces.append(one[begin:index])
                begin = index + 1
        if closing < 0:
            raise BadPattern(pattern)
        waiting += [one[:opening] + piece + one[closing + 1 :] for piece in (*pieces, one[begin:closing])]
    return tuple(made)


def match_old(pattern: str, path: str) -> bool:
    """git's pathspec: wildcards cross slashes, and a directory stands for everything in it."""
    try:
        return (
            path == pattern or path.startswith(pattern.rstrip("/") + "/") or _segment(_parts(pattern), path)
        )
    except BadPattern:
        return False
