"""What a container may use of the machine: its own resource requirements, or those that the run gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.run import TaskRunSettings
from holkas.model.step import Sidecar, Step


def resources(container: Step | Sidecar, settings: TaskRunSettings) -> Mapping[str, Any]:
    """Kubernetes' resource requirements for a container.

    Those of the run for the whole task count for each step, before those of the run for the step, before the step's
    own. Source: Tekton's documentation, compute-resources.md ("Task-level Compute Resources").
    """
    is_step = isinstance(container, Step)
    whole = settings.extra.get("computeResources") if is_step else None
    if whole:
        return dict(whole)
    overrides = settings.step_overrides if is_step else settings.sidecar_overrides
    for override in overrides:
        if override.name == container.name and override.compute_resources:
            return override.compute_resources
    own: Mapping[str, Any] = container.extra.get("computeResources") or container.extra.get("resources") or {}
    return own
