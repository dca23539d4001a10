"""What manifests declare for GitOps: applications, projects, and the places and repositories that they may use."""

from __future__ import annotations

from holkas.model.application import Application
from holkas.model.cluster import Cluster
from holkas.model.finding import Finding
from holkas.model.project import Project
from holkas.model.repository import Repository
from holkas.records import dataclass
from holkas.yaml import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredApplication:
    """An application with the document that declares it."""

    application: Application
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Everything that the original would accept, in the order of the files, and what is wrong with the rest."""

    applications: tuple[DeclaredApplication, ...] = ()
    projects: tuple[Project, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    repositories: tuple[Repository, ...] = ()
    findings: tuple[Finding, ...] = ()
