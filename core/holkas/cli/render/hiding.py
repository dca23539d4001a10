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

_VALUE = re.compile(r"(?<=: )\S.*|^\s*(?!-?-?-?\s*[\w./\"'-]+:).*\S.*")
"""What may be a value on a line of YAML that cannot be read: all behind a colon, or the whole line without one."""


class Hider:
    """Knows the secrets of some sources. Those without a Secret document cost nothing but one look."""

    def __init__(self, sources: Iterable[Source]) -> None:
        from holkas.state.manifest_secrets import masker_of, may_hold_secrets

        self._masker: Masker | None = None
        self._unread: frozenset[str] = frozenset()
        holding = [source for source in sources if may_hold_secrets(source)]
        if holding:
            self._masker, self._unread = masker_of(holding)

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
            excerpt = _VALUE.sub(lambda match: "*" * len(match[0]), excerpt)
        if self._masker:
            excerpt = self._masker.blot(excerpt)
        return position if excerpt == position.excerpt else replace(position, excerpt=excerpt)


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
