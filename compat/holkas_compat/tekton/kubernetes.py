"""Kubernetes documents that a run can use: ConfigMap, Secret, PersistentVolumeClaim, ServiceAccount."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.catalog import SecretData
from holkas.model.finding import Finding
from holkas.model.secret import Secret

from holkas_compat.tekton.lint.codes import BAD_KUBERNETES_DATA
from holkas_compat.tekton.unit import Unit

KINDS = frozenset(("ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount"))


def is_kubernetes(unit: Unit) -> bool:
    """Whether a document is one of the kinds above, of the core group."""
    return unit.kind in KINDS and unit.document.value.get("apiVersion") == "v1"


def data_findings(unit: Unit) -> Iterator[Finding]:
    """What is wrong with the data of a ConfigMap or Secret. No message ever shows a value."""
    encoded = {"ConfigMap": "binaryData", "Secret": "data"}.get(unit.kind)
    texts = {"ConfigMap": "data", "Secret": "stringData"}.get(unit.kind)
    if encoded is None or texts is None:
        return
    for field in (encoded, texts):
        values = unit.document.value.get(field)
        if values is None:
            continue
        if not isinstance(values, Mapping):
            yield unit.finding(BAD_KUBERNETES_DATA, f"{field} must be a mapping of strings", (field,))
            continue
        for key, value in values.items():
            if value is not None and not isinstance(value, str):
                message = f"{field}.{key} must be a string"
                yield unit.finding(BAD_KUBERNETES_DATA, message, (field, key), hint="quote it")
            elif field == encoded and value is not None and _decoded(value) is None:
                message = f"{field}.{key} is not base64"
                hint = f"write plain text under {texts}"
                yield unit.finding(BAD_KUBERNETES_DATA, message, (field, key), hint=hint)


def read_config_map(document: Mapping[str, Any]) -> dict[str, bytes]:
    """The keys of a ConfigMap with their contents."""
    data = {key: (value or "").encode() for key, value in (document.get("data") or {}).items()}
    for key, value in (document.get("binaryData") or {}).items():
        data[key] = _decoded(value or "") or b""
    return data


def read_secret(document: Mapping[str, Any], name: str) -> SecretData:
    """A Secret; stringData wins over data."""
    data = {key: Secret(_decoded(value or "") or b"") for key, value in (document.get("data") or {}).items()}
    for key, value in (document.get("stringData") or {}).items():
        data[key] = Secret(value or "")
    annotations = document["metadata"].get("annotations")
    kind = document.get("type")
    return SecretData(
        name=name,
        type=kind if isinstance(kind, str) and kind else "Opaque",
        data=data,
        annotations=_texts(annotations) if isinstance(annotations, Mapping) else {},
    )


def read_service_account(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of a service account's secrets, those for pulling images not among them."""
    return _names(document.get("secrets"))


def read_pull_secrets(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of a service account's secrets for pulling images."""
    return _names(document.get("imagePullSecrets"))


def _names(entries: object) -> tuple[str, ...]:
    names = (
        [entry.get("name") for entry in entries if isinstance(entry, Mapping)]
        if isinstance(entries, list)
        else []
    )
    return tuple(name for name in names if isinstance(name, str) and name)


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _decoded(text: str) -> bytes | None:
    """Line breaks in base64 are allowed, as Go's decoder allows them."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
