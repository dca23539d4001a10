"""How an installation marks resources as an Application's: what holkas.yaml says, else ``argocd-cm`` in the repository.

Source: Argo CD, "Resource Tracking"; util/settings (GetTrackingMethod, GetAppInstanceLabelKey, GetInstallationID).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.gitops.annotations import INSTANCE_LABEL
from holkas.gitops.identity import Tracking, TrackingMethod

NAME = "argocd-cm"

_KEYS = {
    "application.resourceTrackingMethod": "method",
    "application.instanceLabelKey": "label",
    "installationID": "installation",
}


def tracking_of(option: Mapping[str, str] | None, config_maps: Iterable[Mapping[str, Any]]) -> Tracking:
    """How resources are marked. option: of holkas.yaml, which excludes everything else.

    A repository may configure several installations; where their settings contradict each other, Argo CD's default
    counts. So does it for a method that Argo CD does not know.
    """
    given: dict[str, set[str]] = {}
    if option:
        given = {name: {value} for name, value in option.items()}
    else:
        for one in config_maps:
            data = one.get("data")
            for key, name in _KEYS.items():
                value = data.get(key) if isinstance(data, Mapping) else None
                if isinstance(value, str) and value.strip():
                    given.setdefault(name, set()).add(value.strip())
    said = {name: next(iter(values)) for name, values in given.items() if len(values) == 1}
    known = {str(one): one for one in TrackingMethod}
    method = known.get(said.get("method", ""), TrackingMethod.ANNOTATION)
    return Tracking(
        method=method,
        label=said.get("label", INSTANCE_LABEL),
        installation=said.get("installation", "") if method is not TrackingMethod.LABEL else "",
    )


def is_settings(manifest: Any) -> bool:
    """Whether a manifest is Argo CD's ConfigMap of settings, or a part of it for a kustomization."""
    metadata = manifest.get("metadata") if isinstance(manifest, Mapping) else None
    if not isinstance(metadata, Mapping) or manifest.get("kind") != "ConfigMap":
        return False
    return metadata.get("name") == NAME
