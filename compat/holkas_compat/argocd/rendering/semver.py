"""Versions and ranges of versions for ``targetRevision``.

Source: semver.org; Masterminds/semver, "Checking Version Constraints"; Argo CD, util/versions (MaxVersion).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VERSION = re.compile(
    r"v?(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?(?:\.(0|[1-9]\d*))?"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_PART = (
    r"v?([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_ONE = re.compile(rf"\s*(=|!=|>=|=>|<=|=<|>|<|~>|~|\^|)\s*{_PART}")
_HYPHEN = re.compile(rf"\s*({_PART})\s+-\s+({_PART})")


@dataclass(frozen=True, slots=True)
class Version:
    """A version. ``pre``: its prerelease's parts."""

    numbers: tuple[int, int, int]
    pre: tuple[str, ...] = ()

    def order(self) -> tuple[object, ...]:
        """For comparison, as semver.org says: a prerelease comes before its release."""
        parts = tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in self.pre)
        return (self.numbers, not self.pre, parts)


def version(text: str) -> Version | None:
    """A version, parts that are missing are 0; None for what is none."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    major, minor, patch, pre, _ = match.groups()
    return Version((int(major), int(minor or 0), int(patch or 0)), tuple(pre.split(".")) if pre else ())


def is_range(text: str) -> bool:
    """Whether a text asks for the best of several versions: what is a version itself (``1.2`` too) does not.

    Source: Argo CD, util/versions (IsVersion, MaxVersion).
    """
    return bool(text) and version(text) is None and bool(_constraints(text))


def chosen(text: str, versions: Sequence[str], *, prefix: str = "") -> str | None:
    """The highest of the versions that satisfies a range, or the one of this very name; None where there is none.

    prefix: what every tag begins with.
    """
    if version(text) is not None:
        return prefix + text if prefix + text in versions else None
    wanted = _constraints(text)
    best: tuple[Version, str] | None = None
    for name in versions:
        if not name.startswith(prefix):
            continue
        found = version(name.removeprefix(prefix))
        if found is None or not any(all(_holds(one, found) for one in every) for every in wanted):
            continue
        if best is None or found.order() > best[0].order():
            best = found, name
    return best[1] if best else None


@dataclass(frozen=True, slots=True)
class _Constraint:
    operator: str
    at: Version
    given: int
    """How many of the three numbers are given and no wildcard."""


def _constraints(text: str) -> list[list[_Constraint]]:
    """Alternatives of constraints that all have to hold; empty for a text that cannot be read."""
    found: list[list[_Constraint]] = []
    for alternative in text.split("||"):
        rest = _HYPHEN.sub(lambda match: f" >={match[1]} <={match[6]}", alternative)
        every: list[_Constraint] = []
        position = 0
        while rest[position:].strip(" ,"):
            match = _ONE.match(rest, position)
            if match is None or (match.end() < len(rest) and rest[match.end()] not in " ,<>=!~^"):
                return []
            every.append(_constraint(*match.groups()))
            position = match.end()
            while position < len(rest) and rest[position] in " ,":
                position += 1
        if not every:
            return []
        found.append(every)
    return found


def _constraint(
    operator: str, major: str, minor: str | None, patch: str | None, pre: str | None
) -> _Constraint:
    numbers: list[int] = []
    for one in (major, minor, patch):
        if one is None or one in "xX*":
            break
        numbers.append(int(one))
    given = len(numbers)
    numbers += [0] * (3 - given)
    at = Version((numbers[0], numbers[1], numbers[2]), tuple(pre.split(".")) if pre else ())
    return _Constraint(operator.replace("=>", ">=").replace("=<", "<=").replace("~>", "~"), at, given)


def _holds(one: _Constraint, found: Version) -> bool:
    """Source: Masterminds/semver, "Working With Prerelease Versions": they are left out unless one is named."""
    if found.pre and not one.at.pre:
        return False
    at, given = one.at, one.given
    below = _next(at, given)
    if one.operator == ">":
        return found.order() > at.order() if given == 3 else bool(given) and found.order() >= below.order()
    if one.operator == ">=":
        return found.order() >= at.order()
    if one.operator == "<":
        return bool(given) and found.order() < at.order()
    if one.operator == "<=":
        return found.order() <= at.order() if given == 3 else not given or found.order() < below.order()
    if one.operator == "~":
        return found.order() >= at.order() and (not given or found.order() < _next(at, min(given, 2)).order())
    if one.operator == "^":
        return found.order() >= at.order() and (not given or found.order() < _caret(at, given).order())
    same = at.order() <= found.order() < below.order() if given < 3 else found.order() == at.order()
    same = same or not given
    return not same if one.operator == "!=" else same


def _next(at: Version, given: int) -> Version:
    """The first version that no longer begins with these numbers."""
    major, minor, patch = at.numbers
    if given <= 1:
        return Version((major + 1, 0, 0), ("0",)) if given else Version((1 << 62, 0, 0))
    return (
        Version((major, minor + 1, 0), ("0",)) if given == 2 else Version((major, minor, patch + 1), ("0",))
    )


def _caret(at: Version, given: int) -> Version:
    major, minor, _ = at.numbers
    if major or given == 1:
        return _next(at, 1)
    return _next(at, 2) if minor or given == 2 else _next(at, 3)
