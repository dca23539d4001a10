"""What Argo CD's documents declare, for whoever renders, compares and syncs."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.extensions.declared import Declared, DeclaredApplication
from holkas.model.application import Application
from holkas.model.project import Project
from holkas.yaml.source import Document

from holkas_compat.argocd.config.cluster import read_cluster
from holkas_compat.argocd.config.recognise import REPOSITORY_TYPES, secret_type
from holkas_compat.argocd.config.repository import read_repository
from holkas_compat.argocd.parse import parse


def declare(documents: Sequence[Document]) -> Declared:
    """Applications, projects, clusters and repositories of these documents, and the findings in them."""
    units = parse(documents)
    secrets = [unit.document.value for unit in units if unit.kind == "Secret" and not unit.broken]
    return Declared(
        applications=tuple(
            DeclaredApplication(application=unit.noun, document=unit.document)
            for unit in units
            if isinstance(unit.noun, Application)
        ),
        projects=tuple(unit.noun for unit in units if isinstance(unit.noun, Project)),
        clusters=tuple(read_cluster(value) for value in secrets if secret_type(value) == "cluster"),
        repositories=tuple(
            read_repository(value) for value in secrets if secret_type(value) in REPOSITORY_TYPES
        ),
        findings=tuple(finding for unit in units for finding in unit.findings),
    )
