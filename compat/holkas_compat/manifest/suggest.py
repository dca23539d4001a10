"""Hints about misspelt names."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 500
"""Names that are compared; among thousands one is always near, and each takes a few microseconds."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean `digest`?``, or nothing where no known name is near or there are too many to compare."""
    from difflib import get_close_matches

    names = set(known)
    if len(names) > MOST:
        return ""
    near = get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""
