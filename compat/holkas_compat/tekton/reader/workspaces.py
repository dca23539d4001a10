"""Workspaces as tasks and pipelines declare them, as steps use them and as runs bind them."""

from __future__ import annotations

from holkas.model.workspace import (
    PipelineTaskWorkspace,
    WorkspaceBinding,
    WorkspaceDeclaration,
    WorkspaceUsage,
)

from holkas_compat.tekton.reader.fields import Raw, items, text

BINDING_KINDS = (
    "volumeClaimTemplate",
    "persistentVolumeClaim",
    "emptyDir",
    "configMap",
    "secret",
    "projected",
    "csi",
    "hostPath",
)


def read_declarations(raw: Raw) -> tuple[WorkspaceDeclaration, ...]:
    """The ``workspaces`` of a task's or a pipeline's spec."""
    return items(raw, "workspaces", _declaration)


def read_usages(raw: Raw) -> tuple[WorkspaceUsage, ...]:
    """The ``workspaces`` of a step or sidecar."""
    return items(raw, "workspaces", _usage)


def read_task_workspaces(raw: Raw) -> tuple[PipelineTaskWorkspace, ...]:
    """The ``workspaces`` of a pipeline task."""
    return items(raw, "workspaces", _task_workspace)


def read_bindings(raw: Raw) -> tuple[WorkspaceBinding, ...]:
    """The ``workspaces`` of a run."""
    return items(raw, "workspaces", _binding)


def _declaration(raw: Raw) -> WorkspaceDeclaration:
    return WorkspaceDeclaration(
        name=text(raw, "name"),
        description=text(raw, "description"),
        mount_path=text(raw, "mountPath"),
        read_only=bool(raw.get("readOnly")),
        optional=bool(raw.get("optional")),
    )


def _usage(raw: Raw) -> WorkspaceUsage:
    return WorkspaceUsage(name=text(raw, "name"), mount_path=text(raw, "mountPath"))


def _task_workspace(raw: Raw) -> PipelineTaskWorkspace:
    return PipelineTaskWorkspace(
        name=text(raw, "name"), workspace=text(raw, "workspace"), sub_path=text(raw, "subPath")
    )


def _binding(raw: Raw) -> WorkspaceBinding:
    kind = next((kind for kind in BINDING_KINDS if raw.get(kind) is not None), "")
    return WorkspaceBinding(
        name=text(raw, "name"),
        kind=kind,
        source=dict(raw[kind]) if kind else {},
        sub_path=text(raw, "subPath"),
    )
