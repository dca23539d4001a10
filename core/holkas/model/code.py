"""What a code stands for, for ``holkas explain CODE``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeDoc:
    """``title`` is one line; ``text`` says why it matters and what to do, in Markdown."""

    title: str
    text: str
