"""What the AppProjects of a repository forbid: Applications are not rendered, as Argo CD does not render them, and
resources with which a sync would fail are told.

Source: Argo CD, "Projects"; util/argo (ValidatePermissions), controller/sync.go (validateSyncPermissions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.gitops.project.judgement import refusals, resource_refusals
from holkas.model.application import Application
from holkas.model.finding import Finding, Place, Severity
from holkas.model.resource import ResourceKey
from holkas.yaml import Document, Source

from holkas_compat.argocd.declared import declare

from .discovery import identity


class ProjectRules:
    """The projects among some manifests. Applications of a project that is not among them are not judged."""

    def __init__(self, manifests: Sequence[Mapping[str, Any]]) -> None:
        declared = declare([_document(manifest) for manifest in manifests])
        self._projects = {project.name: project for project in declared.projects}
        self._clusters = declared.clusters
        self._read: dict[tuple[str, str], list[Application]] = {}

    def findings(self, manifest: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Why an Application may not be; empty where it may."""
        name, _ = identity(manifest)
        found: list[Finding] = []
        for application in self._applications(manifest):
            project = self._projects.get(application.project_name)
            if project is not None:
                reasons = refusals(project, application, self._clusters)
                found += [
                    Finding(code="R160", message=reason.message, place=Place(source=name))
                    for reason in reasons
                ]
        return tuple(found)

    def of_resources(self, manifest: Mapping[str, Any], names: Sequence[str]) -> tuple[Finding, ...]:
        """The resources of an Application that it may not have. names: ``group/Kind:namespace/name``."""
        place = Place(source=identity(manifest)[0])
        found: list[Finding] = []
        for application in self._applications(manifest):
            project = self._projects.get(application.project_name)
            if project is None:
                continue
            keys = {_key(name): name for name in names}
            found += [
                Finding(
                    code="R161",
                    message=f"{keys[key]}: {reason}",
                    place=place,
                    severity=Severity.WARNING,
                    fields=(keys[key],),
                )
                for key, reason in resource_refusals(project, application, keys, self._clusters).items()
            ]
        return tuple(found)

    def _applications(self, manifest: Mapping[str, Any]) -> list[Application]:
        key = identity(manifest)
        if key not in self._read:
            declared = declare([_document(manifest)])
            self._read[key] = [one.application for one in declared.applications]
        return self._read[key]


def _key(name: str) -> ResourceKey:
    group_kind, _, place = name.partition(":")
    group, _, kind = group_kind.partition("/")
    namespace, _, rest = place.partition("/")
    return ResourceKey(group=group, kind=kind, namespace=namespace, name=rest)


def _document(manifest: Mapping[str, Any]) -> Document:
    return Document(Source(identity(manifest)[0] or "<manifest>", b""), 0, dict(manifest))
