"""Globs as Argo CD's projects and settings have them: matched in time linear in the text, whatever the pattern.

``*`` any characters but separators, ``**`` any at all, ``?`` one, ``[abc]``, ``[a-z]``, ``[!a-z]`` one of them,
``{a,b}`` alternatives, ``\\`` the next character itself. Source of the rules: documentation of gobwas/glob, which
Argo CD uses (util/glob).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

MAX_PATTERN = 4096
_MAX_DEPTH = 50


class GlobError(ValueError):
    """A pattern that cannot be read; the message is gobwas/glob's."""


def matches(pattern: str, text: str, separators: str = "") -> bool:
    """Whether the whole text matches; never for a pattern that cannot be read (util/glob, ``Match``)."""
    try:
        return compile_glob(pattern, separators)(text)
    except GlobError:
        return False


@lru_cache(maxsize=4096)
def compile_glob(pattern: str, separators: str = "") -> Callable[[str], bool]:
    """What tells whether a whole text matches. separators: characters that ``*`` and ``?`` do not cross.

    Raises GlobError.
    """
    if len(pattern) > MAX_PATTERN:
        raise GlobError(f"the pattern is longer than {MAX_PATTERN} characters")
    if not any(character in pattern for character in "*?[{\\"):
        return pattern.__eq__
    machine = _Machine(pattern, separators)
    machine.end = machine.sequence(machine.state(), depth=0)
    return machine.matches


@lru_cache(maxsize=1024)
def compile_path(pattern: str) -> Callable[[str], bool]:
    """The same for patterns of Go's filepath.Match: no alternatives, no ``**``, ``[^a-z]`` negates, and ``*`` does not
    cross ``/``. Raises GlobError."""
    if len(pattern) > MAX_PATTERN:
        raise GlobError(f"the pattern is longer than {MAX_PATTERN} characters")
    machine = _PathMachine(pattern, "/")
    machine.end = machine.sequence(machine.state(), depth=0)
    return machine.matches


def path_matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches as Go's filepath.Match says; never for a pattern that cannot be read."""
    try:
        return compile_path(pattern)(text)
    except GlobError:
        return False


Test = Callable[[str], bool]


class _Machine:
    """A nondeterministic automaton: states are numbers, 0 is the first."""

    alternatives = True

    def __init__(self, pattern: str, separators: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._not_separator: Test = lambda character: character not in separators
        self._free: list[list[int]] = []
        self._steps: list[list[tuple[Test, int]]] = []
        self.end = 0

    def state(self) -> int:
        """A new state."""
        self._free.append([])
        self._steps.append([])
        return len(self._free) - 1

    def matches(self, text: str) -> bool:
        """Whether the automaton takes the whole text."""
        states = self._closure({0})
        for character in text:
            reached = {target for state in states for test, target in self._steps[state] if test(character)}
            if not reached:
                return False
            states = self._closure(reached)
        return self.end in states

    def _closure(self, states: set[int]) -> set[int]:
        waiting = list(states)
        while waiting:
            for target in self._free[waiting.pop()]:
                if target not in states:
                    states.add(target)
                    waiting.append(target)
        return states

    def sequence(self, start: int, depth: int) -> int:
        """Read up to the end, or to what ends an alternative; the state behind it."""
        state = start
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            if depth and character in ",}":
                return state
            self._at += 1
            if character == "*":
                state = self._star(state)
            elif character == "{" and self.alternatives:
                state = self._alternatives(state, depth + 1)
            else:
                state = self._one(state, self._test(character))
        return state if not depth else self._unclosed()

    def _one(self, state: int, test: Test | None) -> int:
        if test is None:
            return state
        after = self.state()
        self._steps[state].append((test, after))
        return after

    def _test(self, character: str) -> Test | None:
        if character == "?":
            return self._not_separator
        if character == "[":
            return self._class()
        if character == "\\":
            if self._at == len(self._pattern):
                return None
            character = self._next()
        return character.__eq__

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise GlobError("unexpected end of input")
        self._at += 1
        return self._pattern[self._at - 1]

    def _star(self, state: int) -> int:
        everything = self._pattern.startswith("*", self._at)
        self._at += everything
        after = self.state()
        self._free[state].append(after)
        self._steps[after].append(((lambda _: True) if everything else self._not_separator, after))
        return after

    def _class(self) -> Test:
        negated = self._pattern.startswith("!", self._at)
        self._at += negated
        if self._pattern.startswith("-", self._at + 1):
            low, _, high = self._next(), self._next(), self._next()
            if self._next() != "]":
                raise GlobError("expected close range character")
            if high < low:
                raise GlobError(f"hi character '{high}' should be greater than lo '{low}'")
            return lambda character: (low <= character <= high) is not negated
        members = set()
        while (character := self._next()) != "]":
            members.add(self._next() if character == "\\" else character)
        if not members:
            raise GlobError("could not parse range")
        return lambda character: (character in members) is not negated

    def _alternatives(self, state: int, depth: int) -> int:
        if depth > _MAX_DEPTH:
            raise GlobError("alternatives are nested too deeply")
        after = self.state()
        while True:
            start = self.state()
            self._free[state].append(start)
            self._free[self.sequence(start, depth)].append(after)
            if self._at == len(self._pattern):
                return self._unclosed()
            if self._next() == "}":
                return after

    def _unclosed(self) -> int:
        """A state that is never reached: alternatives without an end are accepted, and match nothing."""
        return self.state()


class _PathMachine(_Machine):
    """The automaton of filepath.Match."""

    alternatives = False

    def _star(self, state: int) -> int:
        after = self.state()
        self._free[state].append(after)
        self._steps[after].append((self._not_separator, after))
        return after

    def _test(self, character: str) -> Test | None:
        if character == "\\" and self._at == len(self._pattern):
            raise GlobError("syntax error in pattern")
        return super()._test(character)

    def _class(self) -> Test:
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        ranges: list[tuple[str, str]] = []
        while not (ranges and self._pattern.startswith("]", self._at)):
            low = self._member()
            high = low
            if self._pattern.startswith("-", self._at):
                self._at += 1
                high = self._member()
            ranges.append((low, high))
        self._at += 1
        return lambda character: any(low <= character <= high for low, high in ranges) is not negated

    def _member(self) -> str:
        character = self._next()
        if character in "-]":
            raise GlobError("syntax error in pattern")
        return self._next() if character == "\\" else character
