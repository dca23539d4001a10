"""A code of a finding, explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeDoc:
    """What ``holkas explain CODE`` shows: ``title`` is one line, ``text`` why the rule exists and what to do."""

    title: str
    text: str
