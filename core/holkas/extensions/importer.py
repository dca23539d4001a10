"""Importers: other people's manifests turned into the model and back. compat brings Tekton's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.model.catalog import Catalog
from holkas.model.finding import Finding
from holkas.model.record import RunRecord
from holkas.model.run import Run
from holkas.model.value import Value
from holkas.model.workspace import WorkspaceBinding
from holkas.records import dataclass
from holkas.yaml import Document

if TYPE_CHECKING:
    from pathlib import Path

    from holkas.extensions.application_set import ApplicationSets
    from holkas.extensions.conversion import Conversion
    from holkas.extensions.declared import Declared
    from holkas.extensions.trigger import TriggerReader
    from holkas.gitops.health import HealthOverride
    from holkas.model.fidelity import FieldUse


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWish:
    """What the user adds to a file when it is run.

    params: overrides by name. workspaces: bindings that replace those of the same name.
    name: of the Pipeline or Task to run; runs that the documents hold are left aside then.
    level: highest accepted level of features, ``stable``, ``beta`` or ``alpha``.
    seed: text from which names (generateName) are made; empty for random ones.
    offline: references through resolvers lead to what was found before, and no resolver is asked.
    custom_tasks: kinds of custom tasks that are served, as ``apiVersion/kind``.
    """

    params: Mapping[str, Value] = field(default_factory=dict)
    workspaces: tuple[WorkspaceBinding, ...] = ()
    name: str = ""
    level: str = "alpha"
    seed: str = ""
    offline: bool = False
    custom_tasks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Runs in the order of the file, what they can refer to, and what is wrong with the file."""

    runs: tuple[Run, ...] = ()
    catalog: Catalog = field(default_factory=Catalog)
    findings: tuple[Finding, ...] = ()


class Importer(ABC):
    """Knows one family of manifests. Stateless and safe for threads."""

    name: ClassVar[str]

    @abstractmethod
    def recognises(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is of this family, judged by apiVersion and kind alone."""

    @abstractmethod
    def lint(self, documents: Sequence[Document], *, level: str = "beta") -> list[Finding]:
        """Everything wrong with these documents, which may refer to each other; in the order of the files."""

    def lint_resolved(self, documents: Sequence[Document], *, level: str = "beta") -> list[Finding]:
        """The same, and what references to places elsewhere lead to is fetched and judged with them."""
        return self.lint(documents, level=level)

    @abstractmethod
    def load(self, documents: Sequence[Document], wish: RunWish) -> Loaded:
        """The runs that these documents ask for; a synthetic one where there is only a pipeline or a task."""

    @abstractmethod
    def manifest(self, run: Run, record: RunRecord | None = None) -> dict[str, Any]:
        """The run as a manifest, with the status that the original would give it."""

    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The kinds that it knows the shape of, with their versions, the newest first."""
        return {}

    def schema(self, kind: str, version: str = "") -> dict[str, Any] | None:
        """The JSON Schema of a kind, for editors; in its newest version, where none is given. None for unknown ones."""
        return None

    def field_uses(self, documents: Sequence[Document]) -> Iterable[FieldUse]:
        """The fields that its own documents among these have, each before those below it."""
        return ()

    def forms(self) -> tuple[str, ...]:
        """The forms into which it can convert its documents (``tekton/v1``)."""
        return ()

    def convert(self, documents: Sequence[Document], to: str) -> list[Conversion]:
        """Its own documents among these in one of its forms, with what became of each field; others are left out."""
        return []

    def application_sets(self) -> ApplicationSets | None:
        """What makes applications of documents that stand for many; None for a family without such."""
        return None

    def triggers(self) -> TriggerReader | None:
        """The reader of what starts runs when events come; None for a family without triggers."""
        return None

    def declared(self, documents: Sequence[Document]) -> Declared | None:
        """The applications, projects and places that these documents declare; None for a family without GitOps."""
        return None

    def health_checks(self, folder: Path) -> HealthOverride | None:
        """Users' own health checks in a folder; None for a family without such. Raises ToolError."""
        return None
