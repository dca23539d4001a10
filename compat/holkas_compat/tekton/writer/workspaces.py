"""Workspaces: declared, used and bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from holkas.model.workspace import (
    PipelineTaskWorkspace,
    WorkspaceBinding,
    WorkspaceDeclaration,
    WorkspaceUsage,
)

from holkas_compat.tekton.writer.fields import filled, plain


def write_declarations(declarations: Iterable[WorkspaceDeclaration]) -> list[dict[str, Any]]:
    """The ``workspaces`` of a task's or a pipeline's spec."""
    return [
        {"name": item.name}
        | filled(
            description=item.description,
            mountPath=item.mount_path,
            readOnly=item.read_only,
            optional=item.optional,
        )
        for item in declarations
    ]


def write_usages(usages: Iterable[WorkspaceUsage]) -> list[dict[str, Any]]:
    """The ``workspaces`` of a step or sidecar."""
    return [{"name": item.name} | filled(mountPath=item.mount_path) for item in usages]


def write_task_workspaces(workspaces: Iterable[PipelineTaskWorkspace]) -> list[dict[str, Any]]:
    """The ``workspaces`` of a pipeline task."""
    return [
        {"name": item.name} | filled(workspace=item.workspace, subPath=item.sub_path) for item in workspaces
    ]


def write_bindings(bindings: Iterable[WorkspaceBinding]) -> list[dict[str, Any]]:
    """The ``workspaces`` of a run."""
    return [
        {"name": item.name}
        | filled(subPath=item.sub_path)
        | ({item.kind: plain(item.source)} if item.kind else {})
        for item in bindings
    ]
