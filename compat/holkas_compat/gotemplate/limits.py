"""Bounds for templates that come from strangers."""

from __future__ import annotations

from holkas.records import dataclass

LARGEST_TEXT = 4 * 1024 * 1024
"""Characters that one value or one rendered template may have."""

MOST_ITEMS = 100_000
"""Values that a list may have, and that may be visited to compare, copy or print one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one execution may use.

    steps: nodes visited, loops included. depth: templates and blocks inside each other. output: characters written.
    """

    steps: int = 200_000
    depth: int = 60
    output: int = LARGEST_TEXT


DEFAULT_LIMITS = Limits()

DEEPEST_EXPRESSION = 50
"""Parentheses and blocks inside each other that a text may have."""
