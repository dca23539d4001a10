"""Tekton's own admission validation, as rules over plain data.

One subject a file; :func:`validate` is the way in. Rules between documents are not here but in lint.
"""

from __future__ import annotations

from holkas_compat.tekton.validation.level import FeatureFlags, Level
from holkas_compat.tekton.validation.registry import validate

__all__ = ["FeatureFlags", "Level", "validate"]
