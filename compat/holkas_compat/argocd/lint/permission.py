"""Applications against the projects among the files."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.gitops.project.judgement import refusals
from holkas.gitops.project.permission import Refusal, Subject
from holkas.model.application import Application
from holkas.model.finding import Finding, Severity
from holkas.model.path import PathPart

from holkas_compat.argocd.lint.codes import NOT_PERMITTED, UNKNOWN_PROJECT
from holkas_compat.argocd.lint.shelf import Shelf
from holkas_compat.argocd.unit import Unit
from holkas_compat.manifest.suggest import did_you_mean


def check_permission(shelf: Shelf) -> Iterator[tuple[Unit, Finding]]:
    """What the project of an application does not permit, where the project is among the files."""
    for unit, application in shelf.applications():
        project = shelf.projects.get(application.project_name)
        if project is None:
            near = did_you_mean(application.project_name, shelf.projects)
            if near:
                message = f'no file has the project "{application.project_name}"'
                path = ("spec", "project")
                yield unit, unit.finding(UNKNOWN_PROJECT, message, path, severity=Severity.WARNING, hint=near)
            continue
        for refusal in refusals(project, application, shelf.clusters):
            message = f"{refusal.type}: {refusal.message}"
            yield unit, unit.finding(NOT_PERMITTED, message, _path(application, refusal))


def _path(application: Application, refusal: Refusal) -> tuple[PathPart, ...]:
    if refusal.subject is Subject.DESTINATION:
        return ("spec", "destination")
    if refusal.subject is Subject.NAMESPACE:
        return ("metadata", "namespace")
    if application.hydrator is not None:
        return ("spec", "sourceHydrator", "drySource", "repoURL")
    if application.multiple:
        return ("spec", "sources", refusal.index, "repoURL")
    return ("spec", "source", "repoURL")
