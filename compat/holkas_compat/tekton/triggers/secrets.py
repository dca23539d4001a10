"""The secrets that interceptors may look at: those of the documents, and those that the user gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holkas.model.secret import Secret
from holkas.yaml.source import Document

from holkas_compat.tekton.kubernetes import data_findings, read_secret
from holkas_compat.tekton.triggers.reader import names
from holkas_compat.tekton.unit import Unit


def collect(
    documents: Iterable[Document], given: Mapping[tuple[str, str], Secret]
) -> dict[tuple[str, str], Secret]:
    """Values by name of the Secret and key. Documents whose data cannot be read count as not there."""
    found: dict[tuple[str, str], Secret] = {}
    for document in documents:
        value = document.value
        if not isinstance(value, dict) or (value.get("apiVersion"), value.get("kind")) != ("v1", "Secret"):
            continue
        name, _ = names(value)
        unit = Unit(document=document, kind="Secret", name=name, tekton=False)
        if name and not any(data_findings(unit)):
            for key, secret in read_secret(value, name).data.items():
                found.setdefault((name, key), secret)
    return {**found, **given}
