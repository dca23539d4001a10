"""Argo CD's ApplicationSets as the core asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from holkas.extensions.application_set import ApplicationChange, ApplicationSets, GeneratedSet, GenerationWish
from holkas.model.finding import Finding, Place
from holkas.yaml import Document

if TYPE_CHECKING:
    from holkas_compat.argocd.applicationset.world import World

_GROUP = "argoproj.io/"


class ArgoCdApplicationSets(ApplicationSets):
    """Generates what Argo CD's controller would."""

    def recognises(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is an ApplicationSet."""
        return document.get("kind") == "ApplicationSet" and str(document.get("apiVersion", "")).startswith(
            _GROUP
        )

    def generate(self, documents: Sequence[Document], wish: GenerationWish) -> list[GeneratedSet]:
        """The applications of every ApplicationSet, those of one that is wrong left out."""
        from holkas_compat.argocd.applicationset.outside import PluginsOutside, world_documents
        from holkas_compat.argocd.applicationset.world import World

        outside = PluginsOutside(wish)
        world = World(
            documents=world_documents([document.value for document in documents]),
            outside=outside,
            old_globbing=wish.old_globbing,
        )
        try:
            return [_made(document, world) for document in documents if self._is_set(document.value)]
        finally:
            outside.close()

    def _is_set(self, value: Any) -> bool:
        return isinstance(value, Mapping) and self.recognises(value)

    def changes(self, made: GeneratedSet, live: Sequence[Mapping[str, Any]]) -> list[ApplicationChange]:
        """What Argo CD's controller would do to these live applications."""
        from holkas_compat.argocd.applicationset.policy import changes

        return changes(made.document.value.get("spec") or {}, made.applications, live)


def _made(document: Document, world: World) -> GeneratedSet:
    from holkas_compat.argocd.applicationset.generate import generate
    from holkas_compat.argocd.applicationset.rolling import steps

    value = document.value
    found = generate(value, world, Place(source=document.source.name, document=document.index))
    metadata, spec = value.get("metadata"), value.get("spec")
    return GeneratedSet(
        document=document,
        name=str(metadata.get("name", "")) if isinstance(metadata, Mapping) else "",
        applications=found.applications,
        steps=steps(spec if isinstance(spec, Mapping) else {}, found.applications),
        findings=found.findings + _judged(found.applications, document),
    )


def _judged(applications: Sequence[Mapping[str, Any]], document: Document) -> tuple[Finding, ...]:
    """What is wrong with the applications that came out, told at the set's template."""
    from holkas.yaml import Source, dump, load_documents

    from holkas_compat.argocd.lint.documents import lint_units
    from holkas_compat.argocd.parse import parse

    found: dict[tuple[str, str], Finding] = {}
    place = Place(source=document.source.name, document=document.index, path=("spec", "template"))
    for application in applications:
        name = str(application["metadata"].get("name", ""))
        source = Source(f"<{name}>", dump(application).encode())
        for finding in lint_units(parse(load_documents(source))):
            if finding.severity == "error":
                found.setdefault(
                    (finding.code, finding.message),
                    Finding(code=finding.code, message=f"application {name}: {finding.message}", place=place),
                )
    return tuple(found.values())
