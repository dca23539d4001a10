"""Annotations that say how a resource is to be synced, compared and tracked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
COMPARE_OPTIONS = "argocd.argoproj.io/compare-options"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
HOOK_DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
TRACKING_ID = "argocd.argoproj.io/tracking-id"
INSTALLATION_ID = "argocd.argoproj.io/installation-id"
IGNORE_HEALTH_CHECK = "argocd.argoproj.io/ignore-healthcheck"
SKIP_RECONCILE = "argocd.argoproj.io/skip-reconcile"
REFRESH = "argocd.argoproj.io/refresh"
DELETION_APPROVED = "argocd.argoproj.io/deletion-approved"
HELM_HOOK = "helm.sh/hook"
HELM_HOOK_WEIGHT = "helm.sh/hook-weight"
HELM_HOOK_DELETE_POLICY = "helm.sh/hook-delete-policy"
HELM_RESOURCE_POLICY = "helm.sh/resource-policy"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
INSTANCE_LABEL = "app.kubernetes.io/instance"

DEPENDS_ON = "holkas.dev/depends-on"
"""Ours: names of applications that must be synced and healthy first, with commas between; Argo CD ignores it."""

OPERATION = "holkas.dev/operation"
"""Ours, on hooks: the operation that made it, so that a sync that was interrupted knows its own."""


def annotations_of(manifest: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """``metadata.annotations``; empty where there are none."""
    return _mapping(manifest, "annotations")


def labels_of(manifest: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """``metadata.labels``; empty where there are none."""
    return _mapping(manifest, "labels")


def _mapping(manifest: Mapping[str, Any] | None, field: str) -> Mapping[str, Any]:
    # Manifests are plain dicts; asking for Mapping costs ten times as much, and this is asked for every resource.
    metadata = manifest.get("metadata") if manifest is not None else None
    found = metadata.get(field) if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def annotation(manifest: Mapping[str, Any] | None, name: str) -> str | None:
    """The text of an annotation, or None."""
    value = annotations_of(manifest).get(name)
    return value if isinstance(value, str) else None


def listed(manifest: Mapping[str, Any] | None, name: str) -> tuple[str, ...]:
    """The values of an annotation that holds a list with commas; empty ones are left out."""
    text = annotation(manifest, name)
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part) if text else ()


def with_annotations(manifest: Mapping[str, Any], added: Mapping[str, str]) -> dict[str, Any]:
    """A copy of a manifest (shared below ``metadata``) with further annotations."""
    metadata = manifest.get("metadata")
    fields = dict(metadata) if isinstance(metadata, Mapping) else {}
    return {**manifest, "metadata": {**fields, "annotations": {**annotations_of(manifest), **added}}}
