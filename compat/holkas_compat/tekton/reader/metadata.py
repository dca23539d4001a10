"""The metadata of documents."""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.reader.fields import Raw, mapping, rest, text

_KNOWN = frozenset(("name", "labels", "annotations"))
_RUN = _KNOWN | {"namespace"}


def read_metadata(doc: Raw) -> dict[str, Any]:
    """Name, labels, annotations and the further fields of a document, as arguments of its model class."""
    raw = mapping(doc, "metadata")
    return {
        "name": text(raw, "name"),
        "labels": mapping(raw, "labels"),
        "annotations": mapping(raw, "annotations"),
        "metadata": rest(raw, _KNOWN),
    }


def read_run_metadata(doc: Raw, name: str = "") -> dict[str, Any]:
    """The same for a run, with its namespace; ``name`` replaces the manifest's own."""
    raw = mapping(doc, "metadata")
    return {
        "name": name or text(raw, "name"),
        "namespace": text(raw, "namespace") or "default",
        "labels": mapping(raw, "labels"),
        "annotations": mapping(raw, "annotations"),
        "metadata": rest(raw, _RUN),
    }
