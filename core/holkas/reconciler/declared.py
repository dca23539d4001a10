"""From what a renderer gives to the applications that are kept in their desired state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from holkas.extensions.declared import Declared
from holkas.extensions.renderer import RenderedApplication, RenderedProject
from holkas.gitops.project.judgement import refusals
from holkas.model.application import Application
from holkas.model.finding import Severity
from holkas.model.project import Project
from holkas.reconciler.managed import Desired, Managed, read_desired, source_identity
from holkas.yaml import Document, Source

Reader = Callable[[Sequence[Document]], Declared]
"""Reads manifests of applications and projects (an importer's ``declared``)."""


class Declarations:
    """Turns renders into applications; what has not changed since the last time is the same object again."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._known: dict[tuple[str, str], tuple[Any, Managed]] = {}
        self._permitting: dict[str, Project] = {}

    def managed(self, project: RenderedProject) -> list[Managed]:
        """The applications of a render; those that cannot be read as such are left out, a linter tells why."""
        projects = self._permitting = self._projects(project.projects)
        found: dict[tuple[str, str], tuple[Any, Managed]] = {}
        for rendered in project.applications:
            key = (rendered.namespace, rendered.name)
            known = self._known.get(key)
            permitting = projects.get(_project_of(rendered.manifest))
            basis = (
                rendered.digest, rendered.revisions, rendered.failed, rendered.findings, rendered.manifest,
                permitting, rendered.parent,
            )  # fmt: skip
            if known is not None and known[0] == basis:
                found[key] = known
                continue
            application = self._application(rendered.manifest)
            if application is not None:
                desired = self._desired(rendered, known[1].desired if known is not None else None)
                if told := _refused(permitting, application):
                    desired = Desired(revisions=rendered.revisions, source=desired.source, conditions=told)
                managed = Managed(
                    application=application,
                    manifest=rendered.manifest,
                    desired=desired,
                    project=permitting,
                    parent=rendered.parent,
                )
                found[key] = (basis, managed)
        self._known = found
        return [managed for _, managed in found.values()]

    def of_manifest(self, manifest: Mapping[str, Any]) -> Managed | None:
        """The application that a manifest declares, with nothing desired; None where it is none that is accepted."""
        application = self._application(manifest)
        if application is None:
            return None
        permitting = self._permitting.get(application.project_name)
        return Managed(application=application, manifest=manifest, project=permitting)

    def _application(self, manifest: Mapping[str, Any]) -> Application | None:
        declared = self._read(_documents([manifest]))
        return declared.applications[0].application if declared.applications else None

    def _projects(self, manifests: Iterable[Mapping[str, Any]]) -> dict[str, Project]:
        return {one.name: one for one in self._read(_documents(manifests)).projects}

    def _desired(self, rendered: RenderedApplication, before: Desired | None) -> Desired:
        name = rendered.name
        if rendered.failed:
            told = tuple(
                ("ComparisonError", f"{finding.code}: {finding.message}")
                for finding in rendered.findings
                if finding.severity is Severity.ERROR
            )
            source = source_identity(rendered.manifest, "")
            return Desired(revisions=rendered.revisions, source=source, conditions=told)
        if before is not None and before.digest == rendered.digest and not before.conditions:
            from dataclasses import replace

            known = tuple(revision or rendered.digest[:40] for revision in rendered.revisions)
            source = source_identity(rendered.manifest, rendered.digest)
            return replace(before, revisions=known or (rendered.digest[:40],), source=source)
        return read_desired(name, rendered.text, rendered.digest, rendered.revisions, rendered.manifest)


def _refused(project: Project | None, application: Application) -> tuple[tuple[str, str], ...]:
    """The conditions of an application that its project does not permit, whatever a renderer says of it."""
    if project is None:
        return ()
    return tuple((reason.type, reason.message) for reason in refusals(project, application))


def _documents(manifests: Iterable[Mapping[str, Any]]) -> list[Document]:
    source = Source("<declared>", b"")
    return [Document(source, index, dict(manifest)) for index, manifest in enumerate(manifests)]


def _project_of(manifest: Mapping[str, Any]) -> str:
    spec = manifest.get("spec")
    project = spec.get("project") if isinstance(spec, Mapping) else None
    return project if isinstance(project, str) and project else "default"
