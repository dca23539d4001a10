"""Specs inside a status: Tekton keeps them with its defaults filled in."""

from __future__ import annotations

from typing import Any


def with_defaults(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A v1 ``TaskSpec`` or ``PipelineSpec`` with what Tekton fills in (types of params and results …)."""
    from holkas_compat.manifest.ordering import ordered_as
    from holkas_compat.tekton.defaults import default_part
    from holkas_compat.tekton.schema.kinds import V1
    from holkas_compat.tekton.schema.pipeline import PIPELINE_SPEC_V1
    from holkas_compat.tekton.schema.task import TASK_SPEC_V1

    table = TASK_SPEC_V1 if kind == "TaskSpec" else PIPELINE_SPEC_V1
    return ordered_as(table, default_part(kind, V1, spec))
