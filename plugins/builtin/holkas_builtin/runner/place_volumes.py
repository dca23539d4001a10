"""What an attempt's place holds beyond its own directories: the volumes and workspaces of its task."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from holkas.extensions.executor import Place
from holkas.model.run import TaskRunSettings
from holkas.model.task import TaskSpec, Volume
from holkas.model.workspace import WorkspaceBinding

from holkas_builtin.runner.claims import claim_name
from holkas_builtin.runner.place import AttemptPlace, secrets_of, workspace_mount
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.volumes import Directory, materialise, sub_directory


def furnish(
    made: AttemptPlace,
    spec: TaskSpec,
    bindings: Mapping[str, WorkspaceBinding],
    settings: TaskRunSettings,
    context: RunContext,
    *,
    pod: Pod,
    owner: str,
) -> None:
    """Make the volumes of the task and of its pod's template, and bind its workspaces. Raises SetupError.

    Secrets lie elsewhere, see :func:`~holkas_builtin.runner.place.secrets_of`.
    """
    directory = made.directory
    for volume in (*spec.volumes, *_pod_volumes(settings)):
        made.volumes[volume.name] = materialise(
            volume.kind,
            volume.source,
            at=directory / "volumes" / volume.name,
            secret_at=secrets_of(directory, context) / "volumes" / volume.name,
            context=context,
            pod=pod,
            what=f"volumes[{volume.name}]",
        )
    mounts = [*made.place.mounts]
    isolated = {usage.name for step in spec.steps for usage in step.workspaces}
    isolated |= {usage.name for sidecar in spec.sidecars for usage in sidecar.workspaces}
    for declaration in spec.workspaces:
        binding = bindings.get(declaration.name)
        if binding is None:
            continue
        bound = bind(declaration.name, binding, directory, context, pod=pod, owner=owner)
        made.workspaces[declaration.name] = bound
        if declaration.name not in isolated:
            mounts.append(workspace_mount(declaration, bound))
    made.place = Place(directory=directory, mounts=tuple(mounts))


def bind(
    name: str,
    binding: WorkspaceBinding,
    directory: Path,
    context: RunContext,
    *,
    pod: Pod,
    owner: str,
) -> Directory:
    """The directory of a workspace, made where it is the attempt's own. Raises SetupError."""
    what = f"workspaces[{name}]"
    claim = claim_name(binding, owner)
    if claim:
        bound = Directory(context.claim(claim), read_only=bool(binding.source.get("readOnly")))
    else:
        bound = materialise(
            binding.kind,
            binding.source,
            at=directory / "workspaces" / name,
            secret_at=secrets_of(directory, context) / "workspaces" / name,
            context=context,
            pod=pod,
            what=what,
        )
    if binding.sub_path:
        bound = Directory(sub_directory(bound.path, binding.sub_path, f"{what}.subPath"), bound.read_only)
    return bound


def _pod_volumes(settings: TaskRunSettings) -> list[Volume]:
    return [
        Volume(name=str(entry.get("name", "")), kind=kind, source=source or {})
        for entry in settings.pod_template.get("volumes", ())
        for kind, source in entry.items()
        if kind != "name"
    ]
