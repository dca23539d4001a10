"""What a code stands for, for ``holkas explain CODE``."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class CodeDoc:
    """``title`` is one line; ``text`` says why it matters and what to do, in Markdown.

    example: YAML that has the problem. near_miss: nearly the same without it. Both empty where words say enough.
    """

    title: str
    text: str
    example: str = ""
    near_miss: str = ""
