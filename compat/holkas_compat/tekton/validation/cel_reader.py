"""Whether the types of a CEL expression fit, as far as they can be known without running it.

cel-go refuses to compile what can have no value because of its types: comparisons of different types, operators and
selections that a type does not have. What is not known here, functions and messages above all, has any type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from holkas_compat.tekton.validation.cel_types import (
    DYN,
    LEVELS,
    ORDERED,
    Mismatch,
    Type,
    common,
    same,
    shown,
    wanted,
)

LONGEST = 10_000
"""Characters of an expression that is looked at."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<uint>(?:0[xX][0-9a-fA-F]+|\d+)[uU])|(?P<int>0[xX][0-9a-fA-F]+|\d+)
    |(?P<text>[rR]?(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))
    |(?P<bytes>(?:[bB][rR]?|[rR][bB])(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))
    |(?P<name>[_a-zA-Z]\w*)|(?P<sign>\|\||&&|[=!<>]=|[-+*/%<>!?:.,()\[\]{}]))""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_LITERALS = {"double": "double", "uint": "uint", "int": "int", "text": "string", "bytes": "bytes"}
_TYPES = ORDERED | {"list", "map", "null_type", "type"}
_RETURNS = {**{name: name for name in ORDERED}, "type": "type", "size": "int"}
_METHODS = {"contains": "bool", "startsWith": "bool", "endsWith": "bool", "matches": "bool", "size": "int"}
_BINDING = frozenset({"all", "exists", "exists_one", "map", "filter"})
T = TypeVar("T")


class _Unknown(Exception):
    """A form that is not looked at."""


def mismatch(expression: str) -> str:
    """What cannot be because of its types, in one line; empty where nothing is known to be wrong.

    expression: one that can be parsed.
    """
    if len(expression) > LONGEST:
        return ""
    try:
        _Reader(expression).whole()
    except Mismatch as error:
        return str(error)
    except (_Unknown, RecursionError):
        return ""
    return ""


class _Reader:
    """Goes through the tokens once; each method reads one level of the grammar and gives its type."""

    def __init__(self, expression: str) -> None:
        self.tokens = list(_tokens(expression))
        self.at = 0
        self.bound: dict[str, Type] = {}

    def whole(self) -> Type:
        found = self._choice()
        if self.at < len(self.tokens):
            raise _Unknown
        return found

    def _next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _taken(self, *signs: str) -> str:
        found = self._next()
        if found not in signs:
            return ""
        self.at += 1
        return found

    def _need(self, sign: str) -> None:
        if not self._taken(sign):
            raise _Unknown

    def _choice(self) -> Type:
        condition = self._left(0)
        if not self._taken("?"):
            return condition
        wanted("?:", condition, "bool")
        first = self._left(0)
        self._need(":")
        return same("?:", first, self._choice())

    def _left(self, level: int) -> Type:
        if level == len(LEVELS):
            return self._unary()
        signs, rule = LEVELS[level]
        found = self._left(level + 1)
        while sign := self._taken(*signs):
            found = rule(sign, found, self._left(level + 1))
        return found

    def _unary(self) -> Type:
        if self._taken("!"):
            return wanted("!", self._unary(), "bool")
        if self._taken("-"):
            return wanted("-", self._unary(), "int", "double")
        found = self._primary()
        while sign := self._taken(".", "["):
            found = self._member(found) if sign == "." else self._index(found)
        return found

    def _token(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ("", "")

    def _primary(self) -> Type:
        kind, text = self._token()
        if kind in _LITERALS:
            return _LITERALS[kind]
        if text == "(":
            found = self._choice()
            self._need(")")
            return found
        if text == "[":
            return ("list", common(self._items("]", self._choice)))
        if text == "{":
            pairs = self._items("}", self._pair)
            return ("map", common([key for key, _ in pairs]), common([value for _, value in pairs]))
        if kind == "name":
            return self._name(text)
        raise _Unknown

    def _name(self, name: str) -> Type:
        if self._taken("("):
            given = self._items(")", self._choice)
            if name == "has":
                return "bool"
            return _RETURNS.get(name, DYN) if given else DYN
        if name in ("true", "false"):
            return "bool"
        if name == "null":
            return "null_type"
        return self.bound.get(name, "type" if name in _TYPES else DYN)

    def _member(self, owner: Type) -> Type:
        kind, name = self._token()
        if kind != "name":
            raise _Unknown
        if self._taken("("):
            if name in _BINDING and owner != "string":
                return self._macro(name, owner)
            self._items(")", self._choice)
            return _METHODS.get(name, "int" if name.startswith("get") else DYN)
        if owner[0] == "map":
            return owner[2] if len(owner) == 3 else DYN
        if owner == DYN:
            return DYN
        raise Mismatch(f"{shown(owner)} has no field {name}")

    def _macro(self, name: str, owner: Type) -> Type:
        kind, variable = self._token()
        if kind != "name":
            raise _Unknown
        self._need(",")
        before = dict(self.bound)
        self.bound[variable] = owner[1] if isinstance(owner, tuple) else DYN
        given = self._items(")", self._choice)
        self.bound = before
        if not given:
            raise _Unknown
        if name == "map":
            return ("list", given[-1])
        wanted(name, given[0], "bool")
        if name != "filter":
            return "bool"
        return owner if owner[0] == "list" else DYN

    def _index(self, owner: Type) -> Type:
        key = self._choice()
        self._need("]")
        if owner == DYN:
            return DYN
        if owner[0] == "list":
            wanted("[]", key, "int")
            return owner[1]
        if owner[0] == "map" and len(owner) == 3:
            same("[]", owner[1], key)
            return owner[2]
        raise Mismatch(f"{shown(owner)} has no elements")

    def _pair(self) -> tuple[Type, Type]:
        key = self._choice()
        self._need(":")
        return key, self._choice()

    def _items(self, end: str, read: Callable[[], T]) -> list[T]:
        found: list[T] = []
        while not self._taken(end):
            if found:
                self._need(",")
                if self._taken(end):
                    break
            found.append(read())
        return found


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _Unknown
        kind = match.lastgroup or ""
        yield kind, match[kind]
        at = match.end()
