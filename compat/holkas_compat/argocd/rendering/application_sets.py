"""The Applications that ApplicationSets stand for, their files read through the fetchers of rendering."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from holkas.extensions.source_fetcher import SourceTree
from holkas.model.finding import Finding, Place

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generate import generate
from holkas_compat.argocd.applicationset.repository import RepositoryFiles
from holkas_compat.argocd.applicationset.world import Nowhere, World

from .application_source import ApplicationSourceSpec
from .failure import RenderFailure
from .inputs import TreeReader
from .sources import Sources


def applications_of_set(
    manifest: Mapping[str, Any], sources: Sources, own_revision: str
) -> tuple[tuple[dict[str, Any], ...], tuple[Finding, ...]]:
    """The Applications of a set, none where there are findings."""
    metadata = manifest.get("metadata")
    name = str(metadata.get("name") or "") if isinstance(metadata, Mapping) else ""
    world = World(outside=_Fetched(sources, own_revision))
    made = generate(manifest, world, Place(source=name or "<ApplicationSet>"))
    return made.applications, made.findings


class _Fetched(Nowhere):
    """Repositories by the fetchers; forges and servers of plugins are not asked while rendering."""

    def __init__(self, sources: Sources, own_revision: str) -> None:
        self._sources = sources
        self._own_revision = own_revision

    def files(self, repository: str, revision: str) -> RepositoryFiles:
        """The files of a repository. Raises GenerationError."""
        spec = ApplicationSourceSpec(repository=repository, revision=revision)
        try:
            return _TreeFiles(self._sources.open(self._sources.request(spec, self._own_revision)))
        except RenderFailure as failure:
            raise GenerationError(str(failure), hint=failure.hint) from None


class _TreeFiles:
    """The files of a tree."""

    def __init__(self, tree: SourceTree) -> None:
        self._reader = TreeReader(tree)

    def paths(self) -> list[str]:
        """The files, as a walk finds them."""
        return sorted(self._reader.below(""), key=lambda path: path.split("/"))

    def directories(self) -> list[str]:
        """The directories, hidden ones and what is below them left out."""
        found: set[str] = set()
        for path in self._reader.below(""):
            parent = posixpath.dirname(path)
            while parent and parent not in found:
                if not any(part.startswith(".") for part in parent.split("/")):
                    found.add(parent)
                parent = posixpath.dirname(parent)
        return sorted(found, key=lambda path: path.split("/"))

    def read(self, path: str) -> bytes:
        """A file's content. Raises GenerationError."""
        try:
            return self._reader.read(path)
        except RenderFailure as failure:
            raise GenerationError(str(failure)) from None
