"""From documents to runs: what ``kubectl create`` would start, or one run of the only pipeline or task."""

from __future__ import annotations

from holkas_compat.tekton.load.load import load

__all__ = ["load"]
