"""Specs inside a status: Tekton keeps them with its defaults filled in."""

from __future__ import annotations

from typing import Any


def with_defaults(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A v1 ``TaskSpec`` or ``PipelineSpec`` with what Tekton fills in (types of params and results …)."""
    from holkas_compat.tekton.defaults import default_part
    from holkas_compat.tekton.schema.kinds import V1

    return default_part(kind, V1, spec)
