"""Constraints of versions: ``>= 0.2, < 1``, ``~> 0.9``.

Source: hashicorp/go-version's README, which Tekton's hub resolver reads constraints with.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping

from holkas.extensions.resolver import ResolverRefused
from holkas.records import dataclass

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_PART = re.compile(r"\s*(>=|<=|!=|~>|=|>|<)?\s*(\S+)\s*")
_COMPARE: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_WIDTH = 8


@dataclass(frozen=True, slots=True)
class VersionConstraint:
    """``parts``: operator, numbers and how many of them were written. ``text``: as it was written."""

    text: str
    parts: tuple[tuple[str, tuple[int, ...], int], ...]

    @classmethod
    def parse(cls, text: str) -> VersionConstraint:
        """Read a constraint; a version alone means exactly it. Raises ResolverRefused."""
        parts = []
        for one in text.split(","):
            match = _PART.fullmatch(one)
            numbers = _numbers(match[2]) if match else None
            if match is None or numbers is None:
                raise ResolverRefused(f"{text!r} is no version and no constraint of versions")
            written = len(match[2].partition("-")[0].split("."))
            parts.append((match[1] or "=", numbers, written))
        return cls(text, tuple(parts))

    @property
    def exact(self) -> bool:
        """Whether only one version can fit."""
        return len(self.parts) == 1 and self.parts[0][0] == "="

    def allows(self, numbers: tuple[int, ...]) -> bool:
        """Whether a version fits all parts."""
        return all(_fits(*part, numbers) for part in self.parts)

    def newest(self, versions: Iterable[str]) -> str:
        """The newest of these that fits, empty where none does; versions before a release are left out."""
        fitting = [
            (numbers, version)
            for version in versions
            if "-" not in version and (numbers := _numbers(version)) is not None and self.allows(numbers)
        ]
        return max(fitting)[1] if fitting else ""


def _fits(sign: str, wanted: tuple[int, ...], written: int, numbers: tuple[int, ...]) -> bool:
    if sign == "~>":
        kept = max(written - 1, 1)
        return numbers >= wanted and numbers[:kept] == wanted[:kept]
    return _COMPARE[sign](numbers, wanted)


def _numbers(text: str) -> tuple[int, ...] | None:
    match = _VERSION.fullmatch(text)
    if match is None or len(text) > 100:
        return None
    numbers = tuple(int(one) for one in match[1].split("."))
    return (*numbers, *[0] * (_WIDTH - len(numbers))) if len(numbers) <= _WIDTH else None
