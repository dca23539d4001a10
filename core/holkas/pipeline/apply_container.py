"""Variables in the fields of steps, sidecars and the step template where Tekton replaces them.

Every function returns the very object that it was given where nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from holkas.model.param import Param
from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.pipeline.manifest_paths import substitute_paths
from holkas.pipeline.substitution import Replacements, substitute, substitute_list, substitute_value
from holkas.pipeline.when import substitute_when

C = TypeVar("C", bound=Container)

_ENV_SOURCE = (
    ("secretKeyRef", "name"),
    ("secretKeyRef", "key"),
    ("configMapKeyRef", "name"),
    ("configMapKeyRef", "key"),
)
_ENV_FROM = (("prefix",), ("configMapRef", "name"), ("secretRef", "name"))
_EXTRA = (
    ("imagePullPolicy",),
    ("computeResources", "requests", "*"),
    ("computeResources", "limits", "*"),
    ("resources", "requests", "*"),
    ("resources", "limits", "*"),
)


def substitute_step(step: Step, replacements: Replacements) -> Step:
    """A step with its variables replaced, its params for a step action and its when expressions included."""
    changes = _container_changes(step, replacements)
    change_text(changes, "script", step.script, replacements)
    change_text(changes, "on_error", step.on_error, replacements)
    change_text(changes, "stdout_path", step.stdout_path, replacements)
    change_text(changes, "stderr_path", step.stderr_path, replacements)
    if step.when and (when := substitute_when(step.when, replacements)) != step.when:
        changes["when"] = when
    if step.params and (params := substitute_params(step.params, replacements)) is not step.params:
        changes["params"] = params
    return replace(step, **changes) if changes else step


def substitute_sidecar(sidecar: Sidecar, replacements: Replacements) -> Sidecar:
    """A sidecar with its variables replaced."""
    changes = _container_changes(sidecar, replacements)
    change_text(changes, "script", sidecar.script, replacements)
    return replace(sidecar, **changes) if changes else sidecar


def substitute_container(container: C, replacements: Replacements) -> C:
    """The fields that all containers have, with their variables replaced."""
    changes = _container_changes(container, replacements)
    return replace(container, **changes) if changes else container


def substitute_params(params: tuple[Param, ...], replacements: Replacements) -> tuple[Param, ...]:
    """Params whose values have their variables replaced."""
    changed = False
    out: list[Param] = []
    for param in params:
        value = substitute_value(param.value, replacements)
        if value is not param.value:
            param = Param(name=param.name, value=value)
            changed = True
        out.append(param)
    return tuple(out) if changed else params


def substitute_texts(items: tuple[str, ...], replacements: Replacements) -> tuple[str, ...]:
    """Arguments with their variables replaced, whole arrays spliced in."""
    if not any("$(" in item for item in items):
        return items
    new = tuple(substitute_list(items, replacements))
    return new if new != items else items


def change_text(changes: dict[str, Any], name: str, text: str, replacements: Replacements) -> None:
    """Note under ``name`` what a field becomes, if its variables make it another one."""
    if "$(" in text and (new := substitute(text, replacements)) is not text:
        changes[name] = new


def _container_changes(container: Container, replacements: Replacements) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    change_text(changes, "name", container.name, replacements)
    change_text(changes, "image", container.image, replacements)
    change_text(changes, "working_dir", container.working_dir, replacements)
    for name, items in (("command", container.command), ("args", container.args)):
        if (texts := substitute_texts(items, replacements)) is not items:
            changes[name] = texts
    if (env := _env(container.env, replacements)) is not container.env:
        changes["env"] = env
    if container.env_from and (env_from := _manifests(container.env_from, _ENV_FROM, replacements)):
        changes["env_from"] = env_from
    if (mounts := _mounts(container.volume_mounts, replacements)) is not container.volume_mounts:
        changes["volume_mounts"] = mounts
    if container.extra:
        extra = substitute_paths(container.extra, _EXTRA, replacements)
        if extra is not container.extra:
            changes["extra"] = extra
    return changes


def _env(env: tuple[Env, ...], replacements: Replacements) -> tuple[Env, ...]:
    changed = False
    out: list[Env] = []
    for entry in env:
        source = substitute_paths(entry.source, _ENV_SOURCE, replacements) if entry.source else entry.source
        value = substitute(entry.value, replacements)
        if value is not entry.value or source is not entry.source:
            entry = Env(name=entry.name, value=value, source=source)
            changed = True
        out.append(entry)
    return tuple(out) if changed else env


def _mounts(mounts: tuple[VolumeMount, ...], replacements: Replacements) -> tuple[VolumeMount, ...]:
    if not any("$(" in text for mount in mounts for text in (mount.name, mount.mount_path, mount.sub_path)):
        return mounts
    new = tuple(
        replace(
            mount,
            name=substitute(mount.name, replacements),
            mount_path=substitute(mount.mount_path, replacements),
            sub_path=substitute(mount.sub_path, replacements),
        )
        for mount in mounts
    )
    return new if new != mounts else mounts


def _manifests(
    entries: Sequence[Mapping[str, Any]], paths: Sequence[tuple[str, ...]], replacements: Replacements
) -> tuple[Mapping[str, Any], ...] | None:
    out = tuple(substitute_paths(entry, paths, replacements) for entry in entries)
    return out if any(new is not old for new, old in zip(out, entries, strict=True)) else None
