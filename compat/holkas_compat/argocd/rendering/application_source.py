"""One source of an Application, as far as rendering wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.application_source import directory_is_zero, is_zero
from holkas.records import dataclass

from .failure import RenderFailure

BLOCKS = {"kustomize": "Kustomize", "helm": "Helm", "directory": "Directory", "plugin": "Plugin"}
"""Block of a source → the type that it makes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSourceSpec:
    """``options``: the blocks ``helm``, ``kustomize``, ``directory`` and ``plugin`` as they stand in the manifest."""

    repository: str
    path: str = ""
    revision: str = ""
    chart: str = ""
    ref: str = ""
    tag_prefix: str = ""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSpec:
    """What rendering wants of an Application. ``generate_paths``: of the annotation; empty where it is not given."""

    name: str
    namespace: str
    project: str
    destination_namespace: str
    sources: tuple[ApplicationSourceSpec, ...]
    generate_paths: tuple[str, ...] = ()

    @property
    def instance(self) -> str:
        """The name that its resources are tracked by: with the namespace where that is not Argo CD's own.

        Source: Argo CD, "Applications in any namespace".
        """
        return self.name if self.namespace in ("", "argocd") else f"{self.namespace}_{self.name}"


GENERATE_PATHS = "argocd.argoproj.io/manifest-generate-paths"


def application_spec(manifest: Mapping[str, Any]) -> ApplicationSpec:
    """Read a manifest. Raises RenderFailure R101 where it is none that can be rendered."""
    metadata, spec = _mapping(manifest.get("metadata"), "metadata"), _mapping(manifest.get("spec"), "spec")
    destination = _mapping(spec.get("destination"), "spec.destination")
    name = _text(metadata.get("name"), "metadata.name")
    if not name:
        raise RenderFailure("R101", "the Application has no name")
    listed = spec.get("sources") or ([spec["source"]] if spec.get("source") else [])
    if not isinstance(listed, list) or not listed:
        raise RenderFailure("R101", f"Application {name} has neither source nor sources")
    annotations = _mapping(metadata.get("annotations"), "metadata.annotations")
    paths = _text(annotations.get(GENERATE_PATHS), GENERATE_PATHS)
    return ApplicationSpec(
        name=name,
        namespace=_text(metadata.get("namespace"), "metadata.namespace"),
        project=_text(spec.get("project"), "spec.project") or "default",
        destination_namespace=_text(destination.get("namespace"), "spec.destination.namespace"),
        sources=tuple(source_spec(one) for one in listed),
        generate_paths=tuple(path for path in paths.split(";") if path),
    )


def source_spec(value: Any) -> ApplicationSourceSpec:
    """Read one source. Raises RenderFailure R101."""
    source = _mapping(value, "source")
    repository = _text(source.get("repoURL"), "repoURL")
    if not repository:
        raise RenderFailure("R101", "a source has no repoURL")
    options = {key: _mapping(source[key], key) for key in BLOCKS if source.get(key) is not None}
    options = {key: block for key, block in options.items() if _counts(key, block)}
    return ApplicationSourceSpec(
        repository=repository,
        path=_text(source.get("path"), "path"),
        revision=_text(source.get("targetRevision"), "targetRevision"),
        chart=_text(source.get("chart"), "chart"),
        ref=_text(source.get("ref"), "ref"),
        tag_prefix=_text(source.get("tagPrefix"), "tagPrefix"),
        options=options,
    )


def _counts(key: str, block: Mapping[str, Any]) -> bool:
    """Whether a block makes a type: one that says nothing does not. Source: util/argo (NormalizeSource)."""
    if key == "directory":
        return bool(block.get("include") or block.get("exclude")) or not directory_is_zero(block)
    return key == "plugin" or not is_zero(block)


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RenderFailure("R101", f"{what} is no mapping")
    return value


def _text(value: Any, what: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    if not isinstance(value, str):
        raise RenderFailure("R101", f"{what} is no text")
    return value
