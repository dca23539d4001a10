"""Variables of a task: its params, contexts, paths of results and steps, workspaces."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from holkas.model.param import Param
from holkas.model.step import Container, Step
from holkas.model.task import TaskSpec, Volume
from holkas.model.workspace import WorkspaceBinding, WorkspaceDeclaration
from holkas.pipeline.apply_container import substitute_container, substitute_sidecar, substitute_step
from holkas.pipeline.manifest_paths import Path, substitute_paths
from holkas.pipeline.param_values import task_param_replacements
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitution import Replacements, scopes_mentioned, substitute

_VOLUME_PATHS: Mapping[str, tuple[Path, ...]] = {
    "configMap": (("name",), ("items", "*", "key"), ("items", "*", "path")),
    "secret": (("secretName",), ("items", "*", "key"), ("items", "*", "path")),
    "persistentVolumeClaim": (("claimName",),),
    "projected": (
        ("sources", "*", "configMap", "name"),
        ("sources", "*", "secret", "name"),
        ("sources", "*", "serviceAccountToken", "audience"),
    ),
    "csi": (("nodePublishSecretRef", "name"), ("volumeAttributes", "*")),
}
# A volume with several sources is wrong, but Tekton replaces the variables in all of them.
_FURTHER_SOURCES = tuple((kind, *path) for kind, paths in _VOLUME_PATHS.items() for path in paths)
_BINDING_PATHS: Mapping[str, tuple[Path, ...]] = {
    "persistentVolumeClaim": (("claimName",),),
    "configMap": (("name",), ("items", "*", "key"), ("items", "*", "path")),
    "secret": (("secretName",), ("items", "*", "key"), ("items", "*", "path")),
    "projected": (("sources", "*", "configMap", "name"), ("sources", "*", "secret", "name")),
    "csi": (("driver",), ("nodePublishSecretRef", "name")),
}


def _itself(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPaths:
    """Where a step finds things.

    locate: turns a path of the step's world (``/tekton/results/x``, ``/workspace/source``) into the one that
        the step is to use; an executor without isolation gives a path of the host. The other fields are in
        the step's world, before ``locate``.
    """

    results: str = "/tekton/results"
    steps: str = "/tekton/steps"
    artifacts: str = "/tekton/artifacts"
    credentials: str = "/tekton/creds"
    workspaces: str = "/workspace"
    locate: Callable[[str], str] = _itself


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """``$(context.taskRun.*)`` and ``$(context.task.*)``; ``retries`` counts the attempts made before."""

    run_name: str = ""
    namespace: str = ""
    uid: str = ""
    task_name: str = ""
    retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWorkspaces:
    """What the run binds: bindings by the task's own workspace names, and the volume's name behind each."""

    bindings: Sequence[WorkspaceBinding] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)


def step_directory(name: str, index: int) -> str:
    """The name under which a step has its directory: ``step-<name>``, or ``step-unnamed-<index>``."""
    return f"step-{name}" if name else f"step-unnamed-{index}"


def apply_to_task(
    spec: TaskSpec,
    *,
    params: Sequence[Param] = (),
    context: TaskContext | None = None,
    workspaces: TaskWorkspaces | None = None,
    paths: TaskPaths | None = None,
) -> TaskSpec:
    """The task as it is run, every variable that is known before its first step replaced.

    Step actions should have been put in place of their references and the step template is left as it is. One
    kind of variable after the other, in the order of Tekton's task run reconciler: a value may therefore
    bring in a variable of a later kind, as it does there.
    """
    scopes = task_scopes(spec)
    if not scopes.isdisjoint(("params", "inputs")):
        spec = apply_params_to_task(spec, params)
        scopes = task_scopes(spec)
    if not scopes:
        return spec
    paths = paths or TaskPaths()
    if "context" in scopes:
        spec = substitute_task(spec, Replacements(context_values(context or TaskContext())))
    if not scopes.isdisjoint(("results", "step")):
        spec = apply_result_paths(spec, paths)
    if not scopes.isdisjoint(("artifacts", "step")):
        spec = apply_artifact_paths(spec, paths)
    if "steps" in scopes:
        spec = apply_exit_code_paths(spec, paths)
    if "credentials" in scopes:
        spec = substitute_task(spec, Replacements({"credentials.path": paths.locate(paths.credentials)}))
    if "workspaces" in scopes:
        spec = apply_workspaces_to_task(spec, workspaces or TaskWorkspaces(), paths)
    return spec


def task_scopes(spec: TaskSpec) -> frozenset[str]:
    """The first words of all references in the fields where variables are replaced; none for a task without any."""
    return scopes_mentioned(lambda spy: substitute_task(spec, spy))


def apply_params_to_task(spec: TaskSpec, params: Sequence[Param]) -> TaskSpec:
    """Replace ``$(params.…)`` by what the run gives, or by the task's defaults."""
    return substitute_task(spec, task_param_replacements(spec.params, params))


def context_values(context: TaskContext) -> dict[str, str]:
    """The values of the ``context`` variables of a task."""
    return {
        "context.taskRun.name": context.run_name,
        "context.taskRun.namespace": context.namespace,
        "context.taskRun.uid": context.uid,
        "context.task.name": context.task_name,
        "context.task.retry-count": str(context.retries),
    }


def apply_result_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(results.r.path)``, and ``$(step.results.r.path)`` in each step."""
    paths = paths or TaskPaths()

    def step_values(step: Step, directory: str) -> dict[str, str]:
        return dict(
            _path_values("step.results", (r.name for r in step.results), f"{directory}/results", paths)
        )

    spec = _substitute_steps(spec, step_values, paths)
    names = (result.name for result in spec.results)
    return substitute_task(spec, Replacements(dict(_path_values("results", names, paths.results, paths))))


def _path_values(
    prefix: str, names: Iterable[str], directory: str, paths: TaskPaths
) -> Iterable[tuple[str, str]]:
    for name in names:
        path = paths.locate(posixpath.join(directory, name))
        for spelling in (f"{prefix}.{name}.path", f'{prefix}["{name}"].path', f"{prefix}['{name}'].path"):
            yield spelling, path


def apply_artifact_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(artifacts.path)`` and ``$(step.artifacts.path)`` in the steps."""
    paths = paths or TaskPaths()
    task_path = paths.locate(posixpath.join(paths.artifacts, "provenance.json"))

    def step_values(step: Step, directory: str) -> dict[str, str]:
        own = paths.locate(f"{directory}/artifacts/provenance.json")
        return {"step.artifacts.path": own, "artifacts.path": task_path}

    return _substitute_steps(spec, step_values, paths)


def apply_exit_code_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(steps.step-<name>.exitCode.path)``."""
    paths = paths or TaskPaths()
    values: dict[str, str] = {}
    for index, step in enumerate(spec.steps):
        name = step_directory(step.name, index)
        values[f"steps.{name}.exitCode.path"] = paths.locate(posixpath.join(paths.steps, name, "exitCode"))
    return substitute_task(spec, Replacements(values))


def _substitute_steps(
    spec: TaskSpec, values: Callable[[Step, str], dict[str, str]], paths: TaskPaths
) -> TaskSpec:
    directories = (
        posixpath.join(paths.steps, step_directory(step.name, index)) for index, step in enumerate(spec.steps)
    )
    steps = change_each(
        spec.steps, lambda step: substitute_step(step, Replacements(values(step, next(directories))))
    )
    return spec if steps is spec.steps else replace(spec, steps=steps)


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


def substitute_task(spec: TaskSpec, replacements: Replacements) -> TaskSpec:
    """Replace variables in all fields of a task where Tekton does; the same object where nothing changes."""
    steps = change_each(spec.steps, lambda step: substitute_step(step, replacements))
    sidecars = change_each(spec.sidecars, lambda sidecar: substitute_sidecar(sidecar, replacements))
    template = spec.step_template and substitute_container(spec.step_template, replacements)
    volumes = change_each(spec.volumes, lambda volume: _substitute_volume(volume, replacements))
    workspaces = change_each(spec.workspaces, lambda each: _substitute_declaration(each, replacements))
    if (
        steps is spec.steps
        and sidecars is spec.sidecars
        and template is spec.step_template
        and volumes is spec.volumes
        and workspaces is spec.workspaces
    ):
        return spec
    return replace(
        spec, steps=steps, sidecars=sidecars, step_template=template, volumes=volumes, workspaces=workspaces
    )


def _substitute_volume(volume: Volume, replacements: Replacements) -> Volume:
    source = substitute_paths(volume.source, _VOLUME_PATHS.get(volume.kind, ()), replacements)
    extra = substitute_paths(volume.extra, _FURTHER_SOURCES, replacements) if volume.extra else volume.extra
    name = substitute(volume.name, replacements)
    if source is volume.source and extra is volume.extra and name is volume.name:
        return volume
    return replace(volume, name=name, source=source, extra=extra)


def _substitute_declaration(
    declaration: WorkspaceDeclaration, replacements: Replacements
) -> WorkspaceDeclaration:
    path = substitute(declaration.mount_path, replacements)
    return declaration if path is declaration.mount_path else replace(declaration, mount_path=path)


def substitute_binding(binding: WorkspaceBinding, replacements: Replacements) -> WorkspaceBinding:
    """A run's workspace binding with the variables in its names and its ``subPath`` replaced."""
    source = substitute_paths(binding.source, _BINDING_PATHS.get(binding.kind, ()), replacements)
    sub_path = substitute(binding.sub_path, replacements)
    if source is binding.source and sub_path is binding.sub_path:
        return binding
    return replace(binding, source=source, sub_path=sub_path)
