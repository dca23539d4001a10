"""Tasks: steps that share a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.param import ParamSpec, ResultSpec
from holkas.model.step import Container, Sidecar, Step
from holkas.model.workspace import WorkspaceDeclaration
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A Kubernetes volume. ``kind`` is its source (``emptyDir``, ``configMap`` …), ``source`` that source's fields.

    extra: whatever else the manifest has in it.
    """

    name: str
    kind: str
    source: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """What a task does."""

    steps: tuple[Step, ...] = ()
    params: tuple[ParamSpec, ...] = ()
    results: tuple[ResultSpec, ...] = ()
    workspaces: tuple[WorkspaceDeclaration, ...] = ()
    volumes: tuple[Volume, ...] = ()
    sidecars: tuple[Sidecar, ...] = ()
    step_template: Container | None = None
    display_name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A named task. ``metadata``: further fields of the document's metadata, as in the manifest."""

    name: str
    spec: TaskSpec
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
