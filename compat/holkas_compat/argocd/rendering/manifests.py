"""Texts and values to single manifests: documents split, lists flattened, the last of several stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .failure import RenderFailure

MAX_RESOURCES = 20_000
"""Of one Application."""


def split(text: str | bytes, origin: str) -> list[dict[str, Any]]:
    """The documents of a YAML or JSON stream. Raises RenderFailure R107 for one that is no mapping."""
    from holkas.yaml import Source, YamlError, load_documents

    data = text.encode() if isinstance(text, str) else text
    try:
        documents = load_documents(Source(origin, data), strict=False)
    except YamlError as error:
        place = error.finding.place
        raise RenderFailure("R107", f"{origin}, line {place.line}: {error.finding.message}") from None
    found = []
    for document in documents:
        if not isinstance(document.value, dict):
            raise RenderFailure("R107", f"{origin} holds a document that is no mapping")
        found.append(document.value)
    return found


def flattened(manifests: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lists by their items, and no list without any.

    Source: Argo CD, reposerver/repository (GenerateManifests, isNullList). Raises RenderFailure R108.
    """
    found: list[dict[str, Any]] = []
    for manifest in manifests:
        items = manifest.get("items")
        if isinstance(items, list):
            for item in items:
                if not isinstance(item, dict):
                    raise RenderFailure("R108", f"a {manifest.get('kind')} holds an item that is no mapping")
                found.append(item)
        elif "items" not in manifest or items is not None or "spec" in manifest or "status" in manifest:
            found.append(dict(manifest))
        if len(found) > MAX_RESOURCES:
            raise RenderFailure("R104", f"there are more than {MAX_RESOURCES} resources")
    return found


def check(manifest: Mapping[str, Any]) -> None:
    """Raises RenderFailure R108 for what no cluster would take: without kind, apiVersion or a name."""
    metadata = manifest.get("metadata")
    named = isinstance(metadata, Mapping) and (metadata.get("name") or metadata.get("generateName"))
    kind, version = manifest.get("kind"), manifest.get("apiVersion")
    if not isinstance(kind, str) or not kind:
        raise RenderFailure("R108", "a manifest has no kind")
    if not isinstance(version, str) or not version:
        raise RenderFailure("R108", f"a manifest of kind {kind} has no apiVersion")
    if not named:
        raise RenderFailure("R108", f"a manifest of kind {kind} has no name")


def last_of_each(keys: Sequence[str]) -> tuple[list[int], list[int]]:
    """Indexes of what stays, in order, and of what is dropped because the same resource comes again later.

    Source: Argo CD, controller/state.go: of repeated resources the last one is kept, with a warning.
    """
    last = {key: index for index, key in enumerate(keys)}
    kept = [index for index, key in enumerate(keys) if last[key] == index]
    dropped = [index for index, key in enumerate(keys) if last[key] != index]
    return kept, dropped
