"""What the AppProjects of a repository forbid is not rendered, as Argo CD does not render it.

Source: Argo CD, "Projects"; util/argo (ValidatePermissions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.gitops.project.judgement import refusals
from holkas.model.finding import Finding, Place
from holkas.yaml import Document, Source

from holkas_compat.argocd.declared import declare

from .discovery import identity


class ProjectRules:
    """The projects among some manifests. Applications of a project that is not among them are not judged."""

    def __init__(self, manifests: Sequence[Mapping[str, Any]]) -> None:
        declared = declare([_document(manifest) for manifest in manifests])
        self._projects = {project.name: project for project in declared.projects}
        self._clusters = declared.clusters

    def findings(self, manifest: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Why an Application may not be; empty where it may."""
        name, _ = identity(manifest)
        found: list[Finding] = []
        for one in declare([_document(manifest)]).applications:
            project = self._projects.get(one.application.project_name)
            if project is not None:
                reasons = refusals(project, one.application, self._clusters)
                found += [
                    Finding(code="R160", message=reason.message, place=Place(source=name))
                    for reason in reasons
                ]
        return tuple(found)


def _document(manifest: Mapping[str, Any]) -> Document:
    return Document(Source(identity(manifest)[0] or "<manifest>", b""), 0, dict(manifest))
