"""Workspaces that are handed on, against those that are declared."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding
from holkas.model.path import DocumentPath
from holkas.model.pipeline import PipelineTask

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.codes import MISSING_WORKSPACE, OPTIONAL_WORKSPACE, UNDECLARED_WORKSPACE
from holkas_compat.tekton.lint.site import Declared, Site


def check_workspaces(site: Site) -> Iterator[Finding]:
    """Workspaces of a pipeline's tasks.

    Embedded tasks get by name whatever they use of the pipeline's workspaces (propagation), so only
    references are asked for what is missing or too much.
    """
    optional = {workspace.name for workspace in site.spec.workspaces if workspace.optional}
    for task, path in site.tasks():
        declared = site.declared.get(task.name)
        if declared is None:
            continue
        if not declared.embedded:
            yield from _names(site, task, path, declared)
        yield from _optional(site, task, path, declared, optional)


def _names(site: Site, task: PipelineTask, path: DocumentPath, declared: Declared) -> Iterator[Finding]:
    names = [workspace.name for workspace in declared.workspaces]
    given = {workspace.name for workspace in task.workspaces}
    for index, workspace in enumerate(task.workspaces):
        if workspace.name not in names:
            message = f'{declared.label} does not declare workspace "{workspace.name}"'
            place = (*path, "workspaces", index, "name")
            hint = did_you_mean(workspace.name, names)
            yield site.unit.finding(UNDECLARED_WORKSPACE, message, place, hint=hint)
    for needed in declared.workspaces:
        if not needed.optional and needed.name not in given:
            message = (
                f'task "{task.name}" does not pass workspace "{needed.name}", which {declared.label} requires'
            )
            yield site.unit.finding(MISSING_WORKSPACE, message, (*path, "name"))


def _optional(
    site: Site, task: PipelineTask, path: DocumentPath, declared: Declared, optional: set[str]
) -> Iterator[Finding]:
    """Only an explicit ``workspace`` counts (Tekton's ValidateOptionalWorkspaces)."""
    required = {workspace.name for workspace in declared.workspaces if not workspace.optional}
    for index, workspace in enumerate(task.workspaces):
        if workspace.workspace in optional and workspace.name in required:
            place = (*path, "workspaces", index, "workspace")
            message = (
                f'workspace "{workspace.workspace}" of the pipeline is optional, '
                f'but {declared.label} requires it as "{workspace.name}"'
            )
            yield site.unit.finding(OPTIONAL_WORKSPACE, message, place, severity=declared.severity)
