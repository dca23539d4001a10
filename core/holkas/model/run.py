"""Runs: somebody's wish that a task or a pipeline be run, with these params and workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.param import Param
from holkas.model.pipeline import CustomTaskSpec, PipelineSpec
from holkas.model.reference import Reference
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceBinding
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds; 0 is none, None is the default (pipeline: 60 minutes; tasks: pipeline − finally if both are set)."""

    pipeline: float | None = None
    tasks: float | None = None
    finally_: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOverride:
    """What a run changes of a step or sidecar: Kubernetes' resource fields as in the manifest."""

    name: str
    compute_resources: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRunSettings:
    """How the runs of one pipeline task differ from the others (``taskRunSpecs``), or of all (``taskRunTemplate``).

    pod_template: Kubernetes' pod template as in the manifest; executors honour ``env`` and ``securityContext``.
    extra: further fields as in the manifest (``computeResources`` …).
    """

    pipeline_task: str = ""
    service_account: str = ""
    pod_template: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    step_overrides: tuple[StepOverride, ...] = ()
    sidecar_overrides: tuple[StepOverride, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    """A run of one task: by ``ref`` or with ``spec``. ``name`` is final (generateName already resolved).

    custom_kind: of a CustomRun: ``apiVersion/kind`` of the custom task. custom_spec: of one that is embedded.
    status: the wish ``TaskRunCancelled`` (``RunCancelled`` of a CustomRun), or empty.
    metadata: further fields of the metadata, as in the manifest (``generateName`` …).
    extra: further fields of the spec, as in the manifest (``debug``, ``managedBy`` …).
    """

    name: str
    namespace: str = "default"
    ref: Reference | None = None
    spec: TaskSpec | None = None
    custom_kind: str = ""
    custom_spec: CustomTaskSpec | None = None
    params: tuple[Param, ...] = ()
    workspaces: tuple[WorkspaceBinding, ...] = ()
    retries: int = 0
    timeout: float | None = None
    settings: TaskRunSettings = field(default_factory=TaskRunSettings)
    status: str = ""
    status_message: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``TaskRun``, or ``CustomRun`` for a custom task."""
        return "CustomRun" if self.custom_kind else "TaskRun"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """A run of a pipeline: by ``ref`` or with ``spec``. ``name`` is final.

    status: the wish ``Cancelled``, ``CancelledRunFinally``, ``StoppedRunFinally``, ``PipelineRunPending``, or empty.
    metadata: further fields of the metadata, as in the manifest (``generateName`` …).
    extra: further fields of the spec, as in the manifest (``managedBy`` …).
    """

    name: str
    namespace: str = "default"
    ref: Reference | None = None
    spec: PipelineSpec | None = None
    params: tuple[Param, ...] = ()
    workspaces: tuple[WorkspaceBinding, ...] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)
    template: TaskRunSettings = field(default_factory=TaskRunSettings)
    task_settings: tuple[TaskRunSettings, ...] = ()
    status: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


Run = TaskRun | PipelineRun
