"""The directories of one attempt of a task, and where its steps see them."""

from __future__ import annotations

from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.extensions.executor import Mount, Place
from holkas.model.step import Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceDeclaration
from holkas.records import dataclass

from holkas_builtin.runner.errors import UNSUPPORTED, SetupError
from holkas_builtin.runner.place_pool import PRIVATE, private_name
from holkas_builtin.runner.run_context import RunContext

if TYPE_CHECKING:
    from holkas_builtin.runner.volumes import Directory

HOME = "/root"


@dataclass(slots=True)
class AttemptPlace:
    """What was made for one attempt.

    volumes: directory of each volume by name. workspaces: directory of each bound workspace by name.
    """

    directory: Path
    place: Place
    volumes: dict[str, Directory] = field(default_factory=dict)
    workspaces: dict[str, Directory] = field(default_factory=dict)

    @property
    def tekton(self) -> Path:
        """The host's side of /tekton."""
        return self.directory / "tekton"


def make_place(directory: Path) -> AttemptPlace:
    """A place of the pool with what every attempt sees; volumes and workspaces are added to it."""
    return AttemptPlace(directory, Place(directory=directory, mounts=_shared_mounts(directory)))


def secrets_of(directory: Path, context: RunContext) -> Path:
    """Where the secret files of an attempt lie; the attempt's directory gives the name."""
    return context.secrets / directory.name


def container_mounts(
    part: Step | Sidecar, spec: TaskSpec, made: AttemptPlace, *, index: int, private: bool = True
) -> tuple[Mount, ...]:
    """Mounts of one step or sidecar: its own HOME and /tmp, its volumes, its isolated workspaces.

    private: without it HOME and /tmp are left to the image.
    """
    mounts = [*_private_mounts(made.directory, index)] if private else []
    declared = {declaration.name: declaration for declaration in spec.workspaces}
    for usage in part.workspaces:
        declaration = declared.get(usage.name)
        bound = made.workspaces.get(usage.name)
        if declaration is not None and bound is not None:
            mounts.append(workspace_mount(declaration, bound, usage.mount_path))
    for mount in part.volume_mounts:
        volume = made.volumes.get(mount.name)
        if volume is None:
            raise SetupError(
                UNSUPPORTED, f'volumeMounts[{mount.name}]: the task has no volume "{mount.name}"'
            )
        source = volume.path
        if "subPathExpr" in mount.extra:
            raise SetupError(
                UNSUPPORTED, f"volumeMounts[{mount.name}].subPathExpr is not supported; use subPath"
            )
        if mount.sub_path:
            from holkas_builtin.runner.volumes import sub_directory

            source = sub_directory(source, mount.sub_path, f"volumeMounts[{mount.name}].subPath")
        mounts.append(
            Mount(source=source, target=mount.mount_path, read_only=mount.read_only or volume.read_only)
        )
    return tuple(mounts)


@lru_cache(maxsize=256)
def _shared_mounts(directory: Path) -> tuple[Mount, ...]:
    """What all containers of an attempt see; places are used again."""
    return (
        Mount(source=directory / "tekton", target="/tekton"),
        Mount(source=directory / "workspace", target="/workspace"),
    )


def _private_mounts(directory: Path, index: int) -> tuple[Mount, ...]:
    if index < 0:
        for name in PRIVATE:
            private_directory(directory, index, name)
    return _own_mounts(directory, index)


@lru_cache(maxsize=256)
def _own_mounts(directory: Path, index: int) -> tuple[Mount, ...]:
    home, temporary = (directory / private_name(index, name) for name in PRIVATE)
    return Mount(source=home, target=HOME), Mount(source=temporary, target="/tmp")  # noqa: S108 - inside


def private_directory(directory: Path, index: int, name: str) -> Path:
    """A directory that only one container of the attempt sees. Sidecars have negative indexes."""
    path = directory / private_name(index, name)
    if index < 0:  # those of steps were made with the place
        path.mkdir(exist_ok=True)
        path.chmod(0o777)
    return path


def workspace_mount(declaration: WorkspaceDeclaration, bound: Directory, own_path: str = "") -> Mount:
    target = own_path or workspace_path(declaration)
    return Mount(source=bound.path, target=target, read_only=declaration.read_only or bound.read_only)


def workspace_path(declaration: WorkspaceDeclaration) -> str:
    """Where a task sees a workspace."""
    return declaration.mount_path or f"/workspace/{declaration.name}"
