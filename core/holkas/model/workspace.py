"""Workspaces: declared by tasks and pipelines, bound by runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceDeclaration:
    """A workspace that a task or a pipeline asks for. ``mount_path`` empty means /workspace/<name>."""

    name: str
    description: str = ""
    mount_path: str = ""
    read_only: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceUsage:
    """A step's or sidecar's own claim to a workspace of its task (an isolated workspace)."""

    name: str
    mount_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineTaskWorkspace:
    """A pipeline's workspace handed to a task. ``workspace`` empty means the one of the same name."""

    name: str
    workspace: str = ""
    sub_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceBinding:
    """What a run puts behind a workspace.

    kind: ``emptyDir``, ``persistentVolumeClaim``, ``volumeClaimTemplate``, ``configMap``, ``secret``,
        ``projected``, ``csi``, or ``hostPath`` (holkas's own: a directory of this machine).
    source: that volume source's own fields, as in the manifest.
    """

    name: str
    kind: str
    source: Mapping[str, Any] = field(default_factory=dict)
    sub_path: str = ""
