"""The label that names a resource's application (Argo CD, "Resource Tracking"; util/kube, SetAppInstanceLabel)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.annotations import labels_of
from holkas.model.sync import key_of

LONGEST = 63
"""Characters that Kubernetes permits in a label's value."""

LEGACY_LABEL = "applications.argoproj.io/app-name"
"""The label of the first versions of Argo CD, the only one that pods are given too."""

_WITH_PODS = {
    ("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "StatefulSet"), ("apps", "DaemonSet"),
    ("extensions", "Deployment"), ("extensions", "ReplicaSet"), ("extensions", "StatefulSet"),
    ("extensions", "DaemonSet"), ("batch", "Job"),
}  # fmt: skip
_WITHOUT_SELECTOR = ("apps/v1beta1", "extensions/v1beta1")


def shortened(application: str) -> str:
    """As much of a name as a label may hold, without a special character at its end."""
    kept = application[:LONGEST]
    while len(application) > LONGEST and kept and not (kept[-1].isascii() and kept[-1].isalnum()):
        kept = kept[:-1]
    return kept


def labelled(manifest: Mapping[str, Any], label: str, value: str) -> dict[str, Any]:
    """The manifest with a label; what it shares with the given one is not changed.

    The label of the first versions goes into the pod template as well. Old versions of an API take a missing selector
    from the template's labels; there it is written out without this label, so that it selects what it selected before.
    """
    made = _with(manifest, label, value)
    key = key_of(manifest)
    if label != LEGACY_LABEL or (key.group, key.kind) not in _WITH_PODS:
        return made
    spec = _mapping(made.get("spec"))
    template = _mapping(spec.get("template"))
    made["spec"] = {**spec, "template": _with(template, label, value)}
    if made.get("apiVersion") in _WITHOUT_SELECTOR and key.group != "batch" and not spec.get("selector"):
        others = {name: text for name, text in labels_of(template).items() if name != label}
        made["spec"]["selector"] = {"matchLabels": others}
    return made


def _with(manifest: Mapping[str, Any], label: str, value: str) -> dict[str, Any]:
    metadata = _mapping(manifest.get("metadata"))
    return {**manifest, "metadata": {**metadata, "labels": {**labels_of(manifest), label: value}}}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
