"""The Applications of a repository, those in its files and those that others bring along; and Argo CD's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from holkas.extensions.source_fetcher import SourceTree

from .tracking_settings import NAME as SETTINGS_NAME
from .tracking_settings import is_settings

SUFFIXES = (".yaml", ".yml", ".json")

_GROUP = "argoproj.io/"
_MENTIONED = "argo"  # in all that is looked for, so that files are read once
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


class ArgoFiles:
    """The files of a source that speak of Argo CD, read once. What is no YAML (templates of charts) is left out."""

    def __init__(self, tree: SourceTree) -> None:
        self._found = tree.mentioning(_MENTIONED, SUFFIXES)

    def declarations(self) -> Iterator[dict[str, Any]]:
        """The Applications, ApplicationSets and AppProjects, by path."""
        for path, data in self._found:
            if _GROUP.encode() in data and _KIND.search(data + b"\n"):
                yield from declarations_of(_values(path, data))

    def settings(self) -> Iterator[dict[str, Any]]:
        """Argo CD's ConfigMaps of settings, by path."""
        for path, data in self._found:
            if SETTINGS_NAME.encode() in data and b"ConfigMap" in data:
                yield from (value for value in _values(path, data) if is_settings(value))


def _values(path: str, data: bytes) -> list[Any]:
    from holkas.yaml import Source, YamlError, load_documents

    try:
        return [document.value for document in load_documents(Source(path, data), strict=False)]
    except YamlError:
        return []


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
