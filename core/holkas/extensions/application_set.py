"""ApplicationSets: documents that stand for many applications. compat brings Argo CD's, through its importer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.model.finding import Finding
from holkas.records import dataclass
from holkas.yaml import Document

if TYPE_CHECKING:
    from holkas.plugins.provider import PluginLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationWish:
    """What generators may look at beside the documents.

    repositories: URL → directory that stands for the repository, whatever revision is asked for.
    project: directory to which a repository that is a relative path belongs.
    plugins: version control for all other repositories; None for none, so that nothing leaves this machine.
    network: whether generators that are plugins may be asked by HTTP.
    old_globbing: whether ``*`` crosses ``/`` in the paths of files, as it did in Argo CD before its option for new ones.
    """

    repositories: Mapping[str, Path] = field(default_factory=dict)
    project: Path = field(default_factory=Path)
    plugins: PluginLookup | None = None
    network: bool = False
    old_globbing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedSet:
    """The applications of one document.

    applications: manifests, in the order of the generators. Empty where ``findings`` hold an error.
    steps: names of applications by step of a rolling sync; those of no step are in none of them. Empty without one.
    """

    document: Document
    name: str
    applications: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationChange:
    """What a controller would do: ``create``, ``update``, ``delete``, ``keep`` (not allowed to) or ``none``.

    before, after: the manifests; None where there is none.
    """

    name: str
    act: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


class ApplicationSets(ABC):
    """Makes applications of documents. Stateless and safe for threads."""

    @abstractmethod
    def recognises(self, document: Mapping[str, Any]) -> bool:
        """Whether a document stands for applications."""

    @abstractmethod
    def generate(self, documents: Sequence[Document], wish: GenerationWish) -> list[GeneratedSet]:
        """The applications of every such document among these; the others (clusters, secrets) are what they refer to."""

    @abstractmethod
    def changes(self, made: GeneratedSet, live: Sequence[Mapping[str, Any]]) -> list[ApplicationChange]:
        """What becomes of live applications, fields that the document leaves to others kept."""
