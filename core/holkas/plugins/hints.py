"""What to do about a name that no plugin offers."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.plugins.errors import PluginProblem
from holkas.plugins.inventory import Entry


def missing_hint(
    name: str, known: Sequence[str], skipped: Sequence[tuple[Entry, str]], problems: Sequence[PluginProblem]
) -> str:
    """The likeliest cause first: a misspelling, a plugin that is broken, one that is switched off, one not
    installed.

    No distribution's name is guessed from what was typed: anybody can own ``holkas-<typo>`` on a package
    index.
    """
    from difflib import get_close_matches

    if close := get_close_matches(name, known, 3, 0.6):
        return f"did you mean {' or '.join(close)}?"
    hints = []
    broken = [problem for problem in problems if problem.entry_point and problem.traceback]
    if broken:
        names = ", ".join(dict.fromkeys(problem.entry_point for problem in broken))
        hints.append(f"broken plugins were left out ({names}): see holkas doctor")
    if skipped:
        names = ", ".join(dict.fromkeys(f"{entry.name} by {why}" for entry, why in skipped))
        hints.append(f"switched off: {names}")
    if known and not hints:
        hints.append(f"there are {', '.join(sorted(known)[:8])}")
    hints.append("install what offers it beside holkas (pip install DISTRIBUTION)")
    return "; ".join(hints)
