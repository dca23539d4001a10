"""The difference between what is desired and what is live.

:func:`compare` says whether a live resource is as desired; :mod:`.text` shows the difference.
"""

from __future__ import annotations

from holkas.gitops.diff.compare import CompareSettings, Difference, DryRun, compare
from holkas.gitops.diff.ignore import IgnoreRuleError, JqPlaces, respecting_ignored

__all__ = [
    "CompareSettings",
    "Difference",
    "DryRun",
    "IgnoreRuleError",
    "JqPlaces",
    "compare",
    "respecting_ignored",
]
