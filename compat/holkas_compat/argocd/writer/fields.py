"""The frame of a manifest, and its fields that say something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.schema.kinds import KINDS, V1ALPHA1
from holkas_compat.manifest.ordering import ordered_as


def said(**fields: Any) -> dict[str, Any]:
    """The fields that were said: not None, and no empty text or tuple. Empty mappings and lists stay, as do 0 and
    False; tuples become lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if value is not None and value != "" and value != ()
    }


def manifest(kind: str, noun: Any, spec: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """A whole manifest, in order; ``noun`` has the metadata."""
    metadata = {
        **noun.metadata,
        **said(
            name=noun.name,
            namespace=noun.namespace,
            labels=dict(noun.labels) or None,
            annotations=dict(noun.annotations) or None,
            finalizers=noun.finalizers,
        ),
    }
    made = {"apiVersion": V1ALPHA1, "kind": kind, "metadata": metadata, "spec": spec, **said(**others)}
    return ordered_as(KINDS[kind], made)


def flag(value: bool) -> bool | None:
    """A flag that is left out when it is not set."""
    return value or None


def each(values: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """A list that is left out when it is empty."""
    return list(values) or None
