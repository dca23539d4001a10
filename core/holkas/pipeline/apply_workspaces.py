"""Variables of a task's workspaces, and of what a run binds to them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from holkas.model.step import Container
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceBinding, WorkspaceDeclaration
from holkas.pipeline.apply_container import substitute_sidecar, substitute_step
from holkas.pipeline.manifest_paths import Path, substitute_paths
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitute_task import substitute_task
from holkas.pipeline.substitution import Replacements, substitute
from holkas.pipeline.task_paths import TaskPaths
from holkas.records import dataclass

_BINDING_PATHS: Mapping[str, tuple[Path, ...]] = {
    "persistentVolumeClaim": (("claimName",),),
    "configMap": (("name",), ("items", "*", "key"), ("items", "*", "path")),
    "secret": (("secretName",), ("items", "*", "key"), ("items", "*", "path")),
    "projected": (("sources", "*", "configMap", "name"), ("sources", "*", "secret", "name")),
    "csi": (("driver",), ("nodePublishSecretRef", "name")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWorkspaces:
    """What the run binds: bindings by the task's own workspace names, and the volume's name behind each."""

    bindings: Sequence[WorkspaceBinding] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)


def apply_workspaces_to_task(
    spec: TaskSpec, workspaces: TaskWorkspaces, paths: TaskPaths | None = None
) -> TaskSpec:
    """Replace ``$(workspaces.w.path)``, ``bound``, ``claim`` and ``volume``.

    An optional workspace that is not bound has the path ``""`` and is bound ``false``. A step or sidecar that
    mounts the workspace at a path of its own sees that path. A workspace that is bound but not declared
    counts as declared.
    """
    paths = paths or TaskPaths()
    bound = {binding.name: binding for binding in workspaces.bindings}
    declared = {declaration.name for declaration in spec.workspaces}
    propagated = (WorkspaceDeclaration(name=name) for name in bound if name not in declared)
    values: dict[str, str] = {}
    for declaration in (*spec.workspaces, *propagated):
        prefix = f"workspaces.{declaration.name}"
        if declaration.optional and declaration.name not in bound:
            values[f"{prefix}.bound"] = "false"
            values[f"{prefix}.path"] = ""
        else:
            values[f"{prefix}.bound"] = "true"
            values[f"{prefix}.path"] = paths.locate(workspace_path(declaration, paths))
    for name, volume in workspaces.volumes.items():
        values[f"workspaces.{name}.volume"] = volume
    for name, binding in bound.items():
        claim = binding.source.get("claimName", "") if binding.kind == "persistentVolumeClaim" else ""
        values[f"workspaces.{name}.claim"] = str(claim)
    spec = _apply_own_mount_paths(spec, values, paths)
    return substitute_task(spec, Replacements(values))


def workspace_path(declaration: WorkspaceDeclaration, paths: TaskPaths) -> str:
    """Where a task's workspace is mounted in the step's world."""
    return declaration.mount_path or posixpath.join(paths.workspaces, declaration.name)


def _apply_own_mount_paths(spec: TaskSpec, values: Mapping[str, str], paths: TaskPaths) -> TaskSpec:
    steps = change_each(spec.steps, lambda step: substitute_step(step, _own_paths(step, values, paths)))
    sidecars = change_each(
        spec.sidecars, lambda sidecar: substitute_sidecar(sidecar, _own_paths(sidecar, values, paths))
    )
    if steps is spec.steps and sidecars is spec.sidecars:
        return spec
    return replace(spec, steps=steps, sidecars=sidecars)


def _own_paths(container: Container, values: Mapping[str, str], paths: TaskPaths) -> Replacements:
    usages = getattr(container, "workspaces", ())
    return Replacements(
        {
            f"workspaces.{usage.name}.path": paths.locate(usage.mount_path)
            for usage in usages
            if usage.mount_path and values.get(f"workspaces.{usage.name}.bound") == "true"
        }
    )


def substitute_binding(binding: WorkspaceBinding, replacements: Replacements) -> WorkspaceBinding:
    """A run's workspace binding with the variables in its names and its ``subPath`` replaced."""
    source = substitute_paths(binding.source, _BINDING_PATHS.get(binding.kind, ()), replacements)
    sub_path = substitute(binding.sub_path, replacements)
    if source is binding.source and sub_path is binding.sub_path:
        return binding
    return replace(binding, source=source, sub_path=sub_path)
