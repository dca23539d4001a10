"""JSON merge patches. Source: RFC 7396."""

from __future__ import annotations

from typing import Any


def difference(before: Any, after: Any) -> Any:
    """The patch that makes one out of the other; lists are replaced as a whole."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    made: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before:
            made[key] = value
        elif before[key] != value:
            made[key] = difference(before[key], value)
    return made


def applied(target: Any, patch: Any) -> Any:
    """The target with the patch."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = applied(made.get(key), value)
    return made
