"""Variables in the fields of steps, sidecars and the step template where Tekton replaces them.

Every function returns the very object that it was given where nothing changes.
"""

from __future__ import annotations

from typing import Any, TypeVar

from holkas.model.param import Param
from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.pipeline.manifest_paths import substitute_paths
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitution import Replacements, substitute, substitute_list, substitute_value
from holkas.pipeline.when import substitute_when
from holkas.records import replace

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
    return change_each(params, lambda param: _substitute_param(param, replacements))


def _substitute_param(param: Param, replacements: Replacements) -> Param:
    value = substitute_value(param.value, replacements)
    return param if value is param.value else Param(name=param.name, value=value)


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
    env = change_each(container.env, lambda entry: _substitute_env(entry, replacements))
    if env is not container.env:
        changes["env"] = env
    env_from = change_each(container.env_from, lambda entry: substitute_paths(entry, _ENV_FROM, replacements))
    if env_from is not container.env_from:
        changes["env_from"] = env_from
    if (mounts := _mounts(container.volume_mounts, replacements)) is not container.volume_mounts:
        changes["volume_mounts"] = mounts
    if container.extra:
        extra = substitute_paths(container.extra, _EXTRA, replacements)
        if extra is not container.extra:
            changes["extra"] = extra
    return changes


def _substitute_env(entry: Env, replacements: Replacements) -> Env:
    source = substitute_paths(entry.source, _ENV_SOURCE, replacements) if entry.source else entry.source
    value = substitute(entry.value, replacements)
    if value is entry.value and source is entry.source:
        return entry
    return Env(name=entry.name, value=value, source=source)


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
