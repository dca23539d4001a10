"""Where a run's task or pipeline came from (``status.provenance``, docs/resolution.md)."""

from __future__ import annotations

from typing import Any

from holkas.model.reference import RefSource

from holkas_compat.tekton.writer.fields import filled


def provenance(source: RefSource | None) -> dict[str, Any]:
    """``refSource`` with ``uri``, ``digest`` and ``entryPoint``; empty for what no resolver found."""
    if source is None:
        return {}
    return {"refSource": filled(uri=source.uri, digest=dict(source.digest), entryPoint=source.entry_point)}
