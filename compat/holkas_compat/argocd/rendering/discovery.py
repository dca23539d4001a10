"""The Applications of a repository: those in its files, and those that other Applications bring along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from holkas.extensions.source_fetcher import SourceTree

SUFFIXES = (".yaml", ".yml", ".json")

_GROUP = "argoproj.io/"
_KIND = re.compile(rb"""kind["']?\s*:\s*["']?App(lication|licationSet|Project)["']?\s*[,}\r\n]""")


def is_application(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is an Application of Argo CD's."""
    version = manifest.get("apiVersion")
    return manifest.get("kind") == "Application" and isinstance(version, str) and version.startswith(_GROUP)


def is_set(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is an ApplicationSet."""
    version = manifest.get("apiVersion")
    return (
        manifest.get("kind") == "ApplicationSet" and isinstance(version, str) and version.startswith(_GROUP)
    )


def is_project(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is an AppProject."""
    version = manifest.get("apiVersion")
    return manifest.get("kind") == "AppProject" and isinstance(version, str) and version.startswith(_GROUP)


def declarations_in(tree: SourceTree) -> Iterator[dict[str, Any]]:
    """The Applications, ApplicationSets and AppProjects in a source's files, by path.

    Files that are no YAML (templates of charts) are left out.
    """
    from holkas.yaml import Source, YamlError, load_documents

    for path, data in tree.mentioning(_GROUP, SUFFIXES):
        if not _KIND.search(data + b"\n"):
            continue
        try:
            documents = load_documents(Source(path, data), strict=False)
        except YamlError:
            continue
        for document in documents:
            yield from declarations_of([document.value])


def declarations_of(values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The Applications, ApplicationSets and AppProjects among manifests, those inside of lists included."""
    for value in values:
        if not isinstance(value, dict):
            continue
        if is_application(value) or is_set(value) or is_project(value):
            yield value
        elif isinstance(value.get("items"), list):
            yield from declarations_of(value["items"])


def identity(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """What makes two Applications the same one: name and namespace, which is Argo CD's own where none is given."""
    metadata = manifest.get("metadata")
    fields = metadata if isinstance(metadata, Mapping) else {}
    return str(fields.get("name") or ""), str(fields.get("namespace") or "argocd")
