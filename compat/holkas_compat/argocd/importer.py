"""Argo CD's manifests as holkas takes them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.extensions.importer import Importer, Loaded, RunWish
from holkas.model.finding import Finding
from holkas.model.record import RunRecord
from holkas.model.run import Run
from holkas.yaml.source import Document

if TYPE_CHECKING:
    from pathlib import Path

    from holkas.extensions.application_set import ApplicationSets
    from holkas.extensions.declared import Declared
    from holkas.gitops.health import HealthOverride


class ArgoCdImporter(Importer):
    """Applications, ApplicationSets and AppProjects, and the ConfigMaps and Secrets that configure Argo CD."""

    name: ClassVar[str] = "argocd"

    def recognises(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is Argo CD's; ConfigMaps and Secrets that configure it are for others, too."""
        from holkas_compat.argocd.group import is_argocd

        return is_argocd(document)

    def lint(self, documents: Sequence[Document], *, level: str = "beta") -> list[Finding]:
        """What Argo CD would refuse, and what would go astray. ``level`` is Tekton's and means nothing here."""
        from holkas_compat.argocd.lint.documents import lint_units
        from holkas_compat.argocd.parse import parse

        return lint_units(parse(documents))

    def load(self, documents: Sequence[Document], wish: RunWish) -> Loaded:
        """Nothing: Argo CD's documents ask for no runs."""
        return Loaded()

    def manifest(self, run: Run, record: RunRecord | None = None) -> dict[str, Any]:
        """Raises NotImplementedError: Argo CD has no runs."""
        raise NotImplementedError("Argo CD has no runs")

    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Argo CD's kinds."""
        from holkas_compat.argocd.schema.kinds import KINDS, V1ALPHA1

        return dict.fromkeys(KINDS, (V1ALPHA1,))

    def schema(self, kind: str, version: str = "") -> dict[str, Any] | None:
        """The JSON Schema of one of Argo CD's kinds, made from the tables that decoding uses."""
        from holkas_compat.argocd.json_schema import schema_for

        try:
            return schema_for(kind, version)
        except LookupError:
            return None

    def application_sets(self) -> ApplicationSets:
        """What generates the applications of ApplicationSets."""
        from holkas_compat.argocd.applicationset.sets import ArgoCdApplicationSets

        return ArgoCdApplicationSets()

    def declared(self, documents: Sequence[Document]) -> Declared:
        """Applications, projects, clusters and repositories."""
        from holkas_compat.argocd.declared import declare

        return declare(documents)

    def health_checks(self, folder: Path) -> HealthOverride:
        """Lua checks, laid out as Argo CD's ``resource_customizations``."""
        from holkas.roles.errors import ToolError

        from holkas_compat.argocd.lua import LuaError, health_override, load_scripts

        try:
            return health_override(load_scripts(folder))
        except LuaError as error:
            raise ToolError(str(error)) from None
