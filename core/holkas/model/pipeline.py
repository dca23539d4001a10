"""Pipelines: a graph of tasks, and tasks that run at the end whatever happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.reference import Reference
from holkas.model.task import TaskSpec
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace, WorkspaceDeclaration
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixInclude:
    """Params that are merged into matching combinations, or form one of their own."""

    name: str = ""
    params: tuple[Param, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """One run of the task for each combination of these params' values."""

    params: tuple[Param, ...] = ()
    include: tuple[MatrixInclude, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomTaskSpec:
    """An embedded task of a kind that holkas does not know: a custom task, or a CustomRun's spec.

    metadata: labels and annotations of a CustomRun's; a pipeline task has them as ``task_metadata``.
    """

    api_version: str
    kind: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


def custom_kind(ref: Reference | None, spec: CustomTaskSpec | None) -> str:
    """``apiVersion/kind`` of a custom task (``example.dev/v1/Wait``); empty for every other task."""
    found = spec if spec is not None else ref if ref is not None and ref.is_custom else None
    return "" if found is None else f"{found.api_version}/{found.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineTask:
    """A node of the graph. Exactly one of ref, task_spec, pipeline_ref, pipeline_spec, custom_spec is set.

    retries: further attempts after a failure; text while it holds a variable.
    timeout: seconds for each attempt, 0 for none, None for the default.
    on_error: ``stopAndFail`` or ``continue``, empty for the default.
    """

    name: str
    ref: Reference | None = None
    task_spec: TaskSpec | None = None
    task_metadata: Mapping[str, Any] = field(default_factory=dict)
    pipeline_ref: Reference | None = None
    pipeline_spec: PipelineSpec | None = None
    custom_spec: CustomTaskSpec | None = None
    params: tuple[Param, ...] = ()
    matrix: Matrix | None = None
    workspaces: tuple[PipelineTaskWorkspace, ...] = ()
    when: tuple[When, ...] = ()
    run_after: tuple[str, ...] = ()
    retries: int = 0
    timeout: float | None = None
    on_error: str = ""
    display_name: str = ""
    description: str = ""

    @property
    def custom_kind(self) -> str:
        """See :func:`custom_kind`."""
        return custom_kind(self.ref, self.custom_spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSpec:
    """The graph: ``tasks`` in any order, ``finally_`` after all of them."""

    tasks: tuple[PipelineTask, ...] = ()
    finally_: tuple[PipelineTask, ...] = ()
    params: tuple[ParamSpec, ...] = ()
    results: tuple[ResultSpec, ...] = ()
    workspaces: tuple[WorkspaceDeclaration, ...] = ()
    display_name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A named pipeline. ``metadata``: further fields of the document's metadata, as in the manifest."""

    name: str
    spec: PipelineSpec
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
