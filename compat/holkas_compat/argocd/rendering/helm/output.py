"""What ``helm template`` would print: CRDs first, then by kind, hooks last, no notes, no partials.

Source: Helm, pkg/release/util (SortManifests, InstallOrder); "Chart Hooks".
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.rendering.manifests import split

_ORDER = (
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
    "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}

_EVENTS = frozenset(
    {"pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade", "pre-rollback",
     "post-rollback", "test", "test-success"}
)  # fmt: skip


def printed(
    templates: Mapping[str, str], crds: Sequence[str], *, skip_crds: bool, skip_tests: bool
) -> list[dict[str, Any]]:
    """The manifests in helm's order. Raises RenderFailure R107 for a template that gives no YAML."""
    found: list[dict[str, Any]] = []
    if not skip_crds:
        for text in crds:
            found += split(text, "a chart's crds")
    plain: list[dict[str, Any]] = []
    hooks: list[dict[str, Any]] = []
    for path in sorted(templates):
        name = posixpath.basename(path)
        if name.startswith("_") or name.endswith("NOTES.txt") or not templates[path].strip():
            continue
        for manifest in split(templates[path], path):
            events = _events(manifest)
            if events is None:
                plain.append(manifest)
            elif events and not events - _EVENTS and not (skip_tests and events & {"test", "test-success"}):
                hooks.append(manifest)
    return [*found, *sorted(plain, key=_rank), *sorted(hooks, key=_rank)]


def _events(manifest: Mapping[str, Any]) -> set[str] | None:
    """The events of a hook, None for what is none."""
    metadata = manifest.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if not isinstance(annotations, Mapping) or "helm.sh/hook" not in annotations:
        return None
    return {event.strip().lower() for event in str(annotations["helm.sh/hook"]).split(",")}


def _rank(manifest: Mapping[str, Any]) -> tuple[int, str]:
    kind = str(manifest.get("kind") or "")
    known = _RANK.get(kind)
    return (known, "") if known is not None else (len(_ORDER), kind)
