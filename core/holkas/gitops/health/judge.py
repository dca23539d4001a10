"""The health of one resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.gitops.health.builtin import CHECKS
from holkas.gitops.health.fields import at, group_and_kind
from holkas.model.health import Health, HealthStatus

HOOK_FINALIZER = "argocd.argoproj.io/hook-finalizer"
"""Holds a hook that is being deleted until the sync has seen how it ended."""

HealthOverride = Callable[[Mapping[str, Any]], Health | None]
"""A user's own check; None where it has nothing to say of the resource."""


def judge(manifest: Mapping[str, Any], override: HealthOverride | None = None) -> Health | None:
    """How a live resource is, from its manifest.

    override: asked first (users' own checks). Then come the kinds of Kubernetes, then the rules for custom kinds
    (exact group and kind before wildcards).
    Returns None for a kind that has no health, which counts as success.
    Source: Argo CD, "Resource Health".
    """
    if at(manifest, "metadata", "deletionTimestamp") is not None and not _is_held_hook(manifest):
        return Health(status=HealthStatus.PROGRESSING, message="Pending deletion")
    if override is not None:
        health = override(manifest)
        if health is not None:
            return health
    return judge_state(manifest)


def judge_state(manifest: Mapping[str, Any]) -> Health | None:
    """The same without regard to deletion and to users' checks."""
    key = group_and_kind(manifest)
    check = CHECKS.get(key)
    if check is not None:
        return check(manifest)
    from holkas.gitops.health.rules.catalog import ruling

    rules = ruling(*key)
    return rules(manifest) if rules is not None else None


def _is_held_hook(manifest: Mapping[str, Any]) -> bool:
    finalizers = at(manifest, "metadata", "finalizers")
    return isinstance(finalizers, list) and HOOK_FINALIZER in finalizers
