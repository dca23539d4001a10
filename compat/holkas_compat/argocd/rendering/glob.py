"""Globs as Argo CD's ``include``, ``exclude`` and rules of projects have them, and value files.

Source: util/glob (gobwas/glob without separators: ``*`` crosses ``/``); value files: doublestar, where it does not.
"""

from __future__ import annotations

import re
from functools import lru_cache


class BadGlob(ValueError):
    """A pattern cannot be read."""


@lru_cache(maxsize=1024)
def compiled(pattern: str, separators: str = "") -> re.Pattern[str]:
    """The pattern as a regular expression for whole texts. separators: what ``*`` and ``?`` do not cross.

    Raises BadGlob.
    """
    reader = _Reader(pattern, separators)
    text = reader.sequence(depth=0)
    return re.compile(text, re.DOTALL)


def matches(pattern: str, text: str, separators: str = "") -> bool:
    """Whether the whole text matches; never for a pattern that cannot be read."""
    try:
        return compiled(pattern, separators).fullmatch(text) is not None
    except BadGlob:
        return False


def is_glob(path: str) -> bool:
    """Whether a value file names several. Source: reposerver/repository (isGlobPath)."""
    return any(character in path for character in "*?[")


@lru_cache(maxsize=256)
def path_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern for paths: ``**`` as a whole part stands for any number of directories. Raises BadGlob.

    Source: the documentation of bmatcuk/doublestar.
    """
    parts = pattern.split("/")
    pieces: list[str] = []
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            pieces.append(".*" if last else "(?:[^/]+/)*")
        else:
            pieces.append(_Reader(part, "/").sequence(depth=0) + ("" if last else "/"))
    return re.compile("".join(pieces), re.DOTALL)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, separators: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._any = f"[^{re.escape(separators)}]" if separators else "."

    def sequence(self, depth: int) -> str:
        """Up to the end, or to the comma or brace that ends an alternative."""
        pieces: list[str] = []
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            if depth and character in ",}":
                return "".join(pieces)
            self._at += 1
            if character == "*":
                pieces.append(self._star())
            elif character == "?":
                pieces.append(self._any)
            elif character == "[":
                pieces.append(self._class())
            elif character == "{":
                pieces.append(self._alternatives(depth + 1))
            elif character == "\\":
                pieces.append(re.escape(self._next()))
            else:
                pieces.append(re.escape(character))
        if depth:
            raise BadGlob("unexpected end of input")
        return "".join(pieces)

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise BadGlob("unexpected end of input")
        self._at += 1
        return self._pattern[self._at - 1]

    def _star(self) -> str:
        if self._pattern.startswith("*", self._at):
            while self._pattern.startswith("*", self._at):
                self._at += 1
            return ".*"
        return self._any + "*"

    def _class(self) -> str:
        negated = self._pattern.startswith(("!", "^"), self._at)
        self._at += negated
        members: list[str] = []
        while (character := self._next()) != "]" or not members:
            if character == "\\":
                character = self._next()
            if self._pattern.startswith("-", self._at) and not self._pattern.startswith("-]", self._at):
                self._at += 1
                high = self._next()
                if high < character:
                    raise BadGlob(f"the range {character}-{high} goes backwards")
                members.append(f"{re.escape(character)}-{re.escape(high)}")
            else:
                members.append(re.escape(character))
        return f"[{'^' if negated else ''}{''.join(members)}]"

    def _alternatives(self, depth: int) -> str:
        if depth > 20:
            raise BadGlob("alternatives are nested too deeply")
        found = [self.sequence(depth)]
        while self._next() == ",":
            found.append(self.sequence(depth))
        return f"(?:{'|'.join(found)})"
