"""Patterns of projects: globs that may begin with ``!`` to deny.

Source: pkg/apis/application/v1alpha1/app_project_types.go (``globMatch``, ``isDenyPattern``).
"""

from __future__ import annotations

from collections.abc import Iterable

from holkas.gitops.glob import matches


def is_deny(pattern: str) -> bool:
    """Whether a pattern denies what matches the rest of it."""
    return pattern.startswith("!")


def glob_match(pattern: str, value: str, *, negation: bool = False, separators: str = "") -> bool:
    """Whether a value matches; with ``negation`` a pattern that denies matches everything else."""
    if negation and is_deny(pattern):
        return not matches(pattern[1:], value, separators)
    return pattern == "*" or matches(pattern, value, separators)


def matches_any(patterns: Iterable[str], value: str) -> bool:
    """Whether one of the patterns matches; one between slashes is a regular expression (util/glob,
    ``MatchStringInList`` in its mode REGEXP). One that cannot be read matches nothing."""
    return any(
        _regular(pattern[1:-1], value) if _is_regular(pattern) else glob_match(pattern, value)
        for pattern in patterns
    )


def _is_regular(pattern: str) -> bool:
    return len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/")


def _regular(pattern: str, value: str) -> bool:
    import re

    try:
        return re.search(pattern, value) is not None
    except re.error:
        return False
