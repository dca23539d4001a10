"""``semver``: a version as templates see it.

Source: sprig's documentation, "Semantic Version Functions".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.rendering.semver import Version, version
from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.go_object import GoObject, Method
from holkas_compat.gotemplate.values import Uint64, type_name


class VersionObject(GoObject):
    """One version. text: as it was written."""

    go_type, go_kind = "*semver.Version", "ptr"

    def __init__(self, found: Version, text: str) -> None:
        self.found = found
        self.text = text
        self.metadata = text.partition("+")[2]

    def __str__(self) -> str:
        numbers = ".".join(map(str, self.found.numbers))
        pre = "-" + ".".join(self.found.pre) if self.found.pre else ""
        return numbers + pre + (f"+{self.metadata}" if self.metadata else "")

    def methods(self) -> Mapping[str, tuple[int, Method]]:
        """Those of the library that take nothing or another version."""
        major, minor, patch = self.found.numbers
        return {
            "Major": (0, lambda: Uint64(major)),
            "Minor": (0, lambda: Uint64(minor)),
            "Patch": (0, lambda: Uint64(patch)),
            "Prerelease": (0, lambda: ".".join(self.found.pre)),
            "Metadata": (0, lambda: self.metadata),
            "Original": (0, lambda: self.text),
            "String": (0, lambda: str(self)),
            "IncMajor": (0, lambda: _made(self, (major + 1, 0, 0))),
            "IncMinor": (0, lambda: _made(self, (major, minor + 1, 0))),
            "IncPatch": (0, lambda: _made(self, (major, minor, patch + (not self.found.pre)))),
            "Compare": (1, self._compared),
            "Equal": (1, lambda other: self._compared(other) == 0),
            "LessThan": (1, lambda other: self._compared(other) < 0),
            "GreaterThan": (1, lambda other: self._compared(other) > 0),
        }

    def _compared(self, other: Any) -> int:
        if not isinstance(other, VersionObject):
            raise FunctionError(f"wrong type for value; expected *semver.Version; got {type_name(other)}")
        left, right = self.found.order(), other.found.order()
        return (left > right) - (left < right)


def _made(before: VersionObject, numbers: tuple[int, int, int]) -> VersionObject:
    lead = "v" if before.text.startswith("v") else ""
    return VersionObject(Version(numbers), lead + ".".join(map(str, numbers)))


def semver(text: str) -> VersionObject:
    """A version. Raises FunctionError for what is none."""
    found = version(text)
    if found is None:
        raise FunctionError("invalid semantic version")
    return VersionObject(found, text)
