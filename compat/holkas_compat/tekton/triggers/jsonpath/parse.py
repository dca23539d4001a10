"""From text to a path.

Source: k8s.io/client-go/util/jsonpath/parser.go; pkg/template/jsonpath.go (relaxed expressions). ``range`` and ``end``
cannot occur: they need several pairs of braces.
"""

from __future__ import annotations

import re
from functools import lru_cache

from holkas_compat.tekton.triggers.jsonpath.nodes import (
    Field,
    Filter,
    Literal,
    Node,
    Path,
    PathError,
    Recursive,
    Slice,
    Union,
    Wildcard,
)

MAX_LENGTH = 4096
"""Characters of a path; nobody writes longer ones."""

_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_KEY = re.compile(r"'([^']*)'")
_SLICE = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?", re.ASCII)
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=~]+)(.+)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[\d.]*", re.ASCII)
_TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "/": "/"}
_DEPTH = 8


@lru_cache(maxsize=512)
def parse(expression: str) -> Path:
    """The path of ``body.a``, ``.body.a``, ``{body.a}`` or ``{.body.a}``. Raises PathError."""
    if len(expression) > MAX_LENGTH:
        raise PathError(f"a path has {MAX_LENGTH} characters at most")
    match = _RELAXED.fullmatch(expression)
    if match is None:
        raise PathError("it is no path: write body.name or {.body.name}")
    return _Parser("." + (match[1] or match[2]), 0).path()


class _Parser:
    """One pass over the inside of a pair of braces."""

    __slots__ = ("depth", "place", "text")

    def __init__(self, text: str, depth: int) -> None:
        if depth > _DEPTH:
            raise PathError("the path is nested too deeply")
        self.text, self.place, self.depth = text, 0, depth

    def path(self) -> Path:
        nodes: list[Node] = []
        while self.place < len(self.text):
            nodes += self._next(nodes[-1] if nodes else None)
        return tuple(nodes)

    def _next(self, before: Node | None) -> list[Node]:
        text, place = self.text, self.place
        character = text[place]
        if text.startswith("[?(", place):
            return [self._filter()]
        if text.startswith("..", place):
            return self._recursive(before)
        self.place += 1
        if character in " @$":
            return []
        if character == "[":
            return self._array()
        if character in "\"'":
            return [self._quoted(character)]
        if character == ".":
            return [self._field()]
        if character in "+-" or character.isdigit():
            self.place = place
            return [self._number()]
        if character == "_" or character.isalpha():
            self.place = place
            word = self._until_terminator()
            if word in ("true", "false"):
                return [Literal(word == "true")]
            raise PathError(f"unrecognized identifier {word}")
        raise PathError(f"unrecognized character {character!r} in a path")

    def _recursive(self, before: Node | None) -> list[Node]:
        if isinstance(before, Recursive):
            raise PathError("two recursive descents follow each other")
        self.place += 2
        following = self.text[self.place : self.place + 1]
        if following == "_" or following.isalnum():
            return [Recursive(), self._field()]
        return [Recursive()]

    def _field(self) -> Node:
        word = self._until_terminator(escapes=True)
        return Wildcard() if word == "*" else Field(word.replace("\\", ""))

    def _until_terminator(self, *, escapes: bool = False) -> str:
        start = self.place
        while self.place < len(self.text) and self.text[self.place] not in _TERMINATORS:
            self.place += 2 if escapes and self.text[self.place] == "\\" else 1
        return self.text[start : self.place]

    def _number(self) -> Literal:
        match = _NUMBER.match(self.text, self.place)
        word = match[0] if match else ""
        self.place += max(len(word), 1)
        try:
            return Literal(float(word) if "." in word else int(word))
        except ValueError:
            raise PathError(f"{word} is no number") from None

    def _quoted(self, quote: str) -> Literal:
        start = self.place
        while (end := self.text.find(quote, self.place)) >= 0:
            self.place = end + 1
            if self.text[end - 1] != "\\" or end == start:
                return Literal(_unquoted(self.text[start:end]))
        raise PathError("a quoted text has no end")

    def _array(self) -> list[Node]:
        end = self.text.find("]", self.place)
        if end < 0:
            raise PathError("an index has no end")
        inside = self.text[self.place : end]
        self.place = end + 1
        if inside == "*":
            inside = ":"
        parts = inside.split(",")
        if len(parts) > 1:
            return [Union(tuple(_Parser(f"[{part.strip(' ')}]", self.depth + 1).path() for part in parts))]
        if key := _KEY.fullmatch(inside):
            return list(_Parser(f".{key[1]}", self.depth + 1).path())
        return [_slice(inside)]

    def _filter(self) -> Node:
        self.place += 3
        end = self._filter_end()
        text, self.place = self.text[self.place : end], end + 2
        match = _COMPARISON.fullmatch(text)
        if match is None:
            return Filter(_Parser(text, self.depth + 1).path(), "exists", ())
        left, right = (_Parser(side, self.depth + 1).path() for side in (match[1], match[3]))
        return Filter(left, match[2], right)

    def _filter_end(self) -> int:
        quote = ""
        for place in range(self.place, len(self.text)):
            character = self.text[place]
            if quote:
                if character == quote and self.text[place - 1] != "\\":
                    quote = ""
            elif character in "\"'":
                quote = character
            elif character == ")":
                if self.text[place + 1 : place + 2] != "]":
                    raise PathError("a filter ends with )]")
                return place
        raise PathError("a filter has no end")


def _slice(inside: str) -> Slice:
    match = _SLICE.fullmatch(inside)
    if match is None:
        raise PathError(f"invalid array index {inside}")
    try:
        start, end, step = (
            int(part.lstrip(":")) if part and part != ":" else None for part in match.groups()
        )
    except ValueError:
        raise PathError(f"invalid array index {inside}") from None
    if match[2] is None:
        return Slice(start or 0, (start or 0) + 1, None, derived=True)
    return Slice(start, end, step)


def _unquoted(text: str) -> str:
    """Escapes of Go's strings that a filter is likely to have."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)
