"""The metadata of objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import record, text, texts

_OWN = ("name", "namespace", "labels", "annotations", "finalizers")


def metadata_of(obj: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a noun that its metadata says: name, namespace, labels, annotations, finalizers, and the rest."""
    metadata = record(obj.get("metadata"))
    return {
        "name": text(metadata.get("name")),
        "namespace": text(metadata.get("namespace")),
        "labels": dict(record(metadata.get("labels"))),
        "annotations": dict(record(metadata.get("annotations"))),
        "finalizers": tuple(texts(metadata.get("finalizers"))),
        "metadata": {key: value for key, value in metadata.items() if key not in _OWN},
    }
