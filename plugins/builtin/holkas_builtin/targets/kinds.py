"""Which kinds live in namespaces, where no API server says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.gitops.diff.normalise import is_known_group
from holkas.gitops.order import defined_kind, is_crd
from holkas.gitops.plan import CLUSTER_WIDE


def namespaced(group: str, kind: str, manifests: Iterable[Mapping[str, Any]]) -> bool | None:
    """By Kubernetes' own kinds, and by the custom resource definitions among the manifests; None for others."""
    if (group, kind) in CLUSTER_WIDE:
        return False
    for manifest in manifests:
        if is_crd(manifest) and defined_kind(manifest) == (group, kind):
            spec = manifest.get("spec")
            return not (isinstance(spec, Mapping) and spec.get("scope") == "Cluster")
    return True if is_known_group(group) else None
