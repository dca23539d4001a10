"""How a task that did not run in a run is told."""

from __future__ import annotations

from holkas.pipeline.reasons import SkipReason


def skip_words(reason: str) -> str:
    """``left out`` where the user wanted it so, else ``skipped`` and why."""
    return "left out" if reason == SkipReason.LEFT_OUT else f"skipped: {reason}"


def origin_words(origin: str) -> str:
    """Whose outcome a task has, in parentheses with a blank before it; empty where it ran."""
    kind, _, run = origin.partition(" ")
    if not kind:
        return ""
    return f" (cached, of {run})" if kind == "cache" else f" (of {run})"
