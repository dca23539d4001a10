"""Workspaces that an embedded task uses without declaring them (Tekton docs, workspaces.md, propagated workspaces)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from holkas.model.step import Container, Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceDeclaration
from holkas.records import replace

_REFERENCE = re.compile(r"\$\(workspaces\.([-_a-zA-Z0-9]+)\.")


def used_workspaces(spec: TaskSpec) -> set[str]:
    """Names in ``$(workspaces.NAME.…)`` anywhere in the containers of a task."""
    return {name for text in _texts(spec) for name in _REFERENCE.findall(text)}


def declare_propagated(spec: TaskSpec, bound: Iterable[str]) -> TaskSpec:
    """The spec with a declaration for each bound workspace that it uses and does not declare."""
    declared = {declaration.name for declaration in spec.workspaces}
    missing = set(bound) - declared
    if not missing:
        return spec
    added = sorted(missing & used_workspaces(spec))
    if not added:
        return spec
    declarations = (*spec.workspaces, *(WorkspaceDeclaration(name=name) for name in added))
    return replace(spec, workspaces=declarations)


def _texts(spec: TaskSpec) -> Iterable[str]:
    containers: list[Container] = [*spec.steps, *spec.sidecars]
    if spec.step_template is not None:
        containers.append(spec.step_template)
    for container in containers:
        yield from (container.image, container.working_dir, *container.command, *container.args)
        yield from (variable.value for variable in container.env)
        yield from (mount.mount_path for mount in container.volume_mounts)
        if isinstance(container, Step | Sidecar):
            yield container.script
        if isinstance(container, Step):
            yield from (container.stdout_path, container.stderr_path)
            yield from (str(param.value) for param in container.params)
            for when in container.when:
                yield from (when.input, *when.values, when.cel)
