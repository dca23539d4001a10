"""Manifests without what does not matter: values in one spelling, and nothing that only a server writes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from holkas.gitops.annotations import LAST_APPLIED
from holkas.gitops.diff.quantity import canonical_quantity
from holkas.model.sync import key_of

_SERVERS_OWN = frozenset(
    {"managedFields", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"}
)
_QUANTITIES = frozenset(
    {"limits", "requests", "hard", "capacity", "allocatable", "overhead", "min", "max", "default"}
)
_KNOWN = frozenset(
    {
        "",
        "apps",
        "batch",
        "autoscaling",
        "extensions",
        "policy",
    }
)


def is_known_group(group: str) -> bool:
    """Whether Kubernetes itself defines the group, so that values and lists have known types."""
    return group in _KNOWN or group.endswith(".k8s.io")


def normalised(manifest: Mapping[str, Any], *, ignore_status: bool = True) -> dict[str, Any]:
    """A copy without ``status``, without null, and without the metadata that only a server writes.

    Secrets have ``stringData`` in ``data``; quantities of Kubernetes' own kinds are in their canonical spelling
    (Kubernetes, "Quantity").
    """
    key = key_of(manifest)
    known = is_known_group(key.group)
    result = {
        name: _value(name, value, known, "")
        for name, value in manifest.items()
        if value is not None and not (name == "status" and ignore_status)
    }
    metadata = result.get("metadata")
    if isinstance(metadata, dict):
        result["metadata"] = _metadata(metadata)
    if key.kind == "Secret" and not key.group:
        _fold_string_data(result)
    return result


def _metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in metadata.items() if name not in _SERVERS_OWN}
    annotations = kept.get("annotations")
    if isinstance(annotations, dict) and LAST_APPLIED in annotations:
        kept["annotations"] = {name: text for name, text in annotations.items() if name != LAST_APPLIED}
    return {name: value for name, value in kept.items() if value not in ({}, [])}


def _value(name: str, value: Any, known: bool, parent: str) -> Any:
    if isinstance(value, dict):
        if known and name in _QUANTITIES and parent in ("resources", "spec", "limits"):
            return {key: canonical_quantity(item) for key, item in value.items() if item is not None}
        return {key: _value(key, item, known, name) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_value("", item, known, name) for item in value]
    return value


def _fold_string_data(secret: dict[str, Any]) -> None:
    """As the API server does on writing; what is no string is left as it is, for the server to refuse."""
    written = secret.get("stringData")
    given = secret.get("data")
    if not isinstance(written, Mapping):
        return
    del secret["stringData"]
    data = dict(given) if isinstance(given, Mapping) else {}
    for name, value in written.items():
        data[name] = base64.b64encode(value.encode()).decode() if isinstance(value, str) else value
    if data:
        secret["data"] = data
