"""Habits of projects."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.project import Project

from holkas_compat.argocd.lint.codes import EVERYTHING_PERMITTED, SIGNATURE_KEYS
from holkas_compat.argocd.unit import Unit


def check_project(unit: Unit) -> Iterator[Finding]:
    """A project that is no boundary, or demands signatures in the old way."""
    project = unit.noun
    if not isinstance(project, Project):
        return
    if project.signature_keys:
        message = "signatureKeys are replaced by sourceIntegrity"
        yield unit.finding(
            SIGNATURE_KEYS, message, ("spec", "signatureKeys"), severity=Severity.DEPRECATION, on_key=True
        )
    if project.name != "default" and _permits_everything(project):
        message = "the project permits every repository, destination and cluster-wide kind"
        yield unit.finding(EVERYTHING_PERMITTED, message, ("spec",), severity=Severity.HABIT, on_key=True)


def _permits_everything(project: Project) -> bool:
    denies = any(entry.startswith("!") for entry in project.source_repositories)
    places = [(place.server or place.name, place.namespace) for place in project.destinations]
    kinds = [(entry.group, entry.kind, entry.name) for entry in project.cluster_resource_whitelist]
    return (
        "*" in project.source_repositories
        and not denies
        and ("*", "*") in places
        and ("*", "*", "") in kinds
        and not project.cluster_resource_blacklist
    )
