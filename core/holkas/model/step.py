"""Steps and sidecars: containers of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.reference import Reference
from holkas.model.when import When
from holkas.model.workspace import WorkspaceUsage
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """An environment variable: a value, or where it is taken from.

    source: Kubernetes' ``valueFrom`` as in the manifest (``secretKeyRef``, ``configMapKeyRef``, ``fieldRef`` …).
    """

    name: str
    value: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeMount:
    """A volume of the task at a path of the container.

    extra: further Kubernetes fields as in the manifest (``mountPropagation``, ``subPathExpr`` …).
    """

    name: str
    mount_path: str
    sub_path: str = ""
    read_only: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What steps, sidecars and the step template have in common.

    env_from: Kubernetes' ``envFrom`` entries as in the manifest.
    security_context: Kubernetes' ``securityContext`` as in the manifest (``runAsUser`` …).
    extra: all further Kubernetes fields as in the manifest, so that writing loses nothing.
    """

    name: str = ""
    image: str = ""
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    working_dir: str = ""
    env: tuple[Env, ...] = ()
    env_from: tuple[Mapping[str, Any], ...] = ()
    volume_mounts: tuple[VolumeMount, ...] = ()
    security_context: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Container):
    """One command of a task; steps of a task run one after the other.

    timeout: seconds, or None.
    on_error: ``stopAndFail`` or ``continue`` (may hold a variable until it is substituted), empty for the default.
    stdout_path, stderr_path: files that also receive the stream.
    """

    script: str = ""
    timeout: float | None = None
    on_error: str = ""
    ref: Reference | None = None
    params: tuple[Param, ...] = ()
    results: tuple[ResultSpec, ...] = ()
    when: tuple[When, ...] = ()
    workspaces: tuple[WorkspaceUsage, ...] = ()
    stdout_path: str = ""
    stderr_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar(Container):
    """A container that runs beside the steps. ``readiness_probe``: Kubernetes' probe as in the manifest."""

    script: str = ""
    workspaces: tuple[WorkspaceUsage, ...] = ()
    readiness_probe: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAction:
    """A step that is kept as a document of its own and used through ``ref``.

    metadata: further fields of the document's metadata, as in the manifest.
    """

    name: str
    step: Step
    description: str = ""
    params: tuple[ParamSpec, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
