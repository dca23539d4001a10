"""Versions and ranges of versions for ``targetRevision``.

Source: semver.org; Masterminds/semver, "Checking Version Constraints"; Argo CD, util/versions (MaxVersion).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_TAIL = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_VERSION = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_TAIL}")
_NUMBER = r"[0-9|xX*]+"
_PART = rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?{_TAIL}"
_OPERATOR = r"=|!=|>=|=>|<=|=<|>|<|~>|~|\^|"
_ONE = re.compile(rf"({_OPERATOR})\s*{_PART}")
_HYPHEN = re.compile(rf"\s*({_PART})\s+-\s+({_PART})\s*")
_BETWEEN = re.compile(r"\s*,\s*|\s+")
_MOST = 2**64


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
    """A version, parts that are missing are 0 and leading zeros do not matter; None for what is none."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = tuple(int(one or 0) for one in match.groups()[:3])
    pre = tuple(match[4].split(".")) if match[4] else ()
    if any(one.isdigit() and one[0] == "0" and one != "0" for one in pre) or max(numbers) >= _MOST:
        return None
    return Version((numbers[0], numbers[1], numbers[2]), pre)


def is_range(text: str) -> bool:
    """Whether a text asks for the best of several versions: what is a version itself (``1.2`` too) does not.

    Source: Argo CD, util/versions (IsVersion, MaxVersion).
    """
    return bool(text) and version(text) is None and bool(_constraints(text))


def chosen(text: str, versions: Sequence[str], *, prefix: str = "") -> str | None:
    """The highest of the versions that satisfies a range, or the one of this very name; None where there is none.

    prefix: what every tag begins with; with it only versions and ranges are names.
    """
    if version(text) is not None:
        return prefix + text if prefix + text in versions else None
    wanted = _constraints(text)
    if not wanted and not prefix:
        return text if text in versions else None
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
    prereleases: bool = False


def satisfies(constraint: str, text: str) -> bool | None:
    """Whether a version satisfies a constraint, which may be a version itself; None where one of them is none."""
    wanted, found = _constraints(constraint), version(text)
    if not wanted or found is None:
        return None
    return any(all(_holds(one, found) for one in every) for every in wanted)


def _constraints(text: str) -> list[list[_Constraint]]:
    """Alternatives of constraints that all have to hold; empty for a text that cannot be read.

    Where one of several that have to hold names a prerelease, all of them look at prereleases.
    """
    found: list[list[_Constraint]] = []
    for alternative in _HYPHEN.sub(lambda match: f">= {match[1]}, <= {match[6]} ", text).split("||"):
        rest = alternative.strip()
        every: list[_Constraint] = []
        position = 0
        while position < len(rest) or not every:
            match = _ONE.match(rest, position)
            made = _constraint(*match.groups()) if match else None
            if match is None or made is None:
                return []
            every.append(made)
            position = match.end()
            if position < len(rest):
                between = _BETWEEN.match(rest, position)
                if between is None:
                    return []
                position = between.end()
                if position == len(rest):
                    return []
        pre = any(one.at.pre for one in every)
        found.append([replace(one, prereleases=pre) for one in every])
    return found


def _constraint(
    operator: str, major: str, minor: str | None, patch: str | None, pre: str | None
) -> _Constraint | None:
    """A constraint; numbers from the first wildcard on count as not given."""
    given = next((at for at, one in enumerate((major, minor, patch)) if one in (None, *"xX*")), 3)
    numbers = [*(major, minor, patch)[:given], *["0"] * (3 - given)]
    at = version(".".join(map(str, numbers)) + (f"-{pre}" if pre else ""))
    if at is None:
        return None
    return _Constraint(operator.replace("=>", ">=").replace("=<", "<=").replace("~>", "~"), at, given)


def _holds(one: _Constraint, found: Version) -> bool:
    """Source: Masterminds/semver, "Working With Prerelease Versions": they are left out unless one is named."""
    if found.pre and not one.prereleases:
        return False
    at, given, operator = one.at, one.given, one.operator
    before, after = found.order() < at.order(), found.order() > at.order()
    if operator in ("", "="):
        operator = "~" if given < 3 else "="
    same = given or 2  # a wildcard in the first place stands for 0.0.0, as the original has it
    if operator in ("=", "!=") and given in (0, 3):
        return (before or after) == (operator == "!=")
    if operator == "!=":
        equal = found.numbers[:same] == at.numbers[:same]
        return not equal or (given == 2 and bool(found.pre or at.pre) and found.pre != at.pre)
    if operator == ">":
        return after if given in (0, 3) else found.numbers[:same] > at.numbers[:same]
    if operator == ">=":
        return not before
    if operator == "<":
        return before
    if operator == "<=":
        return not after if given == 3 else found.numbers[:same] <= at.numbers[:same]
    if before:
        return False
    return _tilde(one, found) if operator == "~" else _caret(one, found)


def _tilde(one: _Constraint, found: Version) -> bool:
    """From there to the next minor version, or to the next major one where only that is given."""
    at, given = one.at, one.given
    if not any(at.numbers) and given in (0, 3):
        return True
    same = min(max(given, 1), 2)
    return found.numbers[:same] == at.numbers[:same]


def _caret(one: _Constraint, found: Version) -> bool:
    """From there on as long as the first number that is not 0 stays."""
    at, given = one.at, one.given
    if at.numbers[0] or given == 1:
        return found.numbers[0] == at.numbers[0]
    if at.numbers[1] or given == 2:
        return found.numbers[:2] == at.numbers[:2]
    return found.numbers == at.numbers
