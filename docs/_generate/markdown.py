"""What the generated pages have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by python -m docs._generate from the code: change {source}, then run it. -->\n"


def made(source: str) -> str:
    """The first line of a generated page. ``source``: what to change instead of the page."""
    return MADE.format(source=source)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line breaks and bars inside a cell are made harmless."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).replace("|", "\\|").strip()


def code(text: str) -> str:
    """Inline code, or nothing for nothing."""
    return f"`{text}`" if text else ""


def plain(docstring: str) -> str:
    """A docstring's literals as inline code."""
    return re.sub(r"``(.+?)``", r"`\1`", docstring, flags=re.DOTALL)
