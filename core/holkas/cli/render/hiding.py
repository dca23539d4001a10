"""Keeps secrets out of what is said about the files that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from holkas.model.finding import Finding
from holkas.yaml import Position, Source

if TYPE_CHECKING:
    from holkas.state.masking import Masker

_LINE = re.compile(r"(\s*(?:- +)*(?:[\w./\"'-]+:(?:\s+|$))?)(.*)", re.DOTALL)
"""A line of YAML: what may be shown (indentation, key), and what may be a value."""

_MARKERS = ("---", "...")


class Hider:
    """Knows the secrets of some sources. Those without a Secret document cost nothing but one look."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._masker: Masker | None = None
        self._unread: frozenset[str] = frozenset()
        suspect = [source for source in sources if b"Secret" in source.data or b"\0" in source.data]
        if suspect:
            from holkas.state.manifest_secrets import masker_of, may_hold_secrets

            self._masker, self._unread = masker_of(filter(may_hold_secrets, suspect))

    def narrow(self, texts: Iterable[str]) -> None:
        """Look from now on only for secrets that are in these texts, out of which all is taken that will be shown."""
        if self._masker:
            # A byte that stands in no text keeps the end of one and the beginning of the next apart.
            self._masker = self._masker.narrowed(
                b"\0".join(text.encode("utf-8", "surrogatepass") for text in texts)
            )

    def finding(self, finding: Finding) -> Finding:
        """The finding without secrets in its words."""
        if not self._masker:
            return finding
        message, hint = self._masker.mask_text(finding.message), self._masker.mask_text(finding.hint)
        return replace(finding, message=message, hint=hint)

    def position(self, position: Position, source: Source) -> Position:
        """The position with an excerpt of the same width without secrets."""
        excerpt = position.excerpt
        if source.name in self._unread and _in_secret(source, position.line):
            excerpt = _without_value(excerpt)
        if self._masker:
            excerpt = self._masker.blot(excerpt)
        return position if excerpt == position.excerpt else replace(position, excerpt=excerpt)


def _without_value(line: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None or line in _MARKERS:
        return line
    return match[1] + "*" * len(match[2])


def _in_secret(source: Source, line: int) -> bool:
    """Whether a line belongs to a document that speaks of a Secret, as far as broken text shows its documents."""
    lines = source.data.decode("utf-8", "replace").splitlines()
    above = next(
        (number for number in range(min(line, len(lines)) - 1, -1, -1) if lines[number].startswith("---")), 0
    )
    below = next(
        (number for number in range(line, len(lines)) if lines[number].startswith("---")), len(lines)
    )
    return any("Secret" in text for text in lines[above:below])
