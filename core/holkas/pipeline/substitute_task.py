"""Variables in the fields of a task where Tekton replaces them."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.task import TaskSpec, Volume
from holkas.model.workspace import WorkspaceDeclaration
from holkas.pipeline.apply_container import substitute_container, substitute_sidecar, substitute_step
from holkas.pipeline.manifest_paths import Path, substitute_paths
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitution import Replacements, scopes_mentioned, substitute
from holkas.records import replace

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


def task_scopes(spec: TaskSpec) -> frozenset[str]:
    """The first words of all references in the fields where variables are replaced; none for a task without any."""
    return scopes_mentioned(lambda spy: substitute_task(spec, spy))
