"""Workspaces: declared by tasks and pipelines, used by steps and pipeline tasks, bound by runs.

Source: Tekton's docs/workspaces.md.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.validation.gates import require_level
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.names import did_you_mean
from holkas_compat.tekton.validation.scope import Scope

_SOURCES = (
    "volumeClaimTemplate",
    "persistentVolumeClaim",
    "emptyDir",
    "configMap",
    "secret",
    "projected",
    "csi",
)
_SOURCE_FIELDS = ("persistentvolumeclaim", "volumeclaimtemplate", "emptydir", "configmap", "secret")
_REQUIRED = (
    ("persistentVolumeClaim", "claimName", "persistentvolumeclaim.claimname"),
    ("configMap", "name", "configmap.name"),
    ("secret", "secretName", "secret.secretName"),
    ("projected", "sources", "projected.sources"),
    ("csi", "driver", "csi.driver"),
)


def names_of(value: Any) -> frozenset[str]:
    """The names of declared or bound workspaces."""
    return frozenset(name_of(entry) for entry in records(value))


def check_declared(spec: Mapping[str, Any], scope: Scope) -> None:
    """The workspaces of a task: unique names, and places that nothing else mounts.

    ``scope`` is that of the spec.
    """
    containers = [*records(spec.get("steps")), record(spec.get("stepTemplate"))]
    mounts = {
        clean_path(text(mount.get("mountPath")))
        for container in containers
        for mount in records(container.get("volumeMounts"))
    }
    names: set[str] = set()
    for index, entry in enumerate(records(spec.get("workspaces"))):
        here = scope.at("workspaces", index)
        name = name_of(entry)
        if name in names:
            here.report("T212", f'the workspace "{name}" is declared more than once', "name", at=("name",))
        names.add(name)
        mount = clean_path(text(entry.get("mountPath")) or f"/workspace/{name}")
        if mount in mounts:
            at = ("mountPath",) if "mountPath" in entry else ()
            message = f'the workspace "{name}" is mounted at {mount}, where something else is mounted already'
            here.report("T213", message, "mountpath", at=at, hint="give it a mountPath of its own")
        mounts.add(mount)


def check_used(spec: Mapping[str, Any], scope: Scope) -> None:
    """The workspaces that steps and sidecars want for themselves; ``scope`` is that of the task spec."""
    names = names_of(spec.get("workspaces"))
    for owners, noun in (("steps", "step"), ("sidecars", "sidecar")):
        for index, owner in enumerate(records(spec.get(owners))):
            used = records(owner.get("workspaces"))
            here = scope.at(owners, index)
            if used:
                require_level(here, Level.BETA, f"workspaces of a {noun}", "workspaces")
            for position, entry in enumerate(used):
                name = name_of(entry)
                if name not in names:
                    message = f'the {noun} uses the workspace "{name}", which the task does not declare'
                    hint = did_you_mean(name, names) or "declare it under workspaces of the task"
                    here.at("workspaces", position).report("T214", message, "name", at=("name",), hint=hint)


def check_pipeline_declared(value: Any, scope: Scope) -> None:
    """The workspaces of a pipeline: each has a name, and each its own; ``scope`` is that of the spec."""
    names: set[str] = set()
    for index, entry in enumerate(records(value)):
        here = scope.at("workspaces", index)
        name = name_of(entry)
        if not name:
            here.report("T415", f"workspace {index} has no name", "")
        if name in names:
            here.report("T415", f'the workspace "{name}" is declared more than once', "", at=("name",))
        names.add(name)


def check_task_bindings(tasks: Any, scope: Scope, names: Collection[str]) -> None:
    """The workspaces that tasks of a pipeline get from the pipeline.

    ``scope`` is that of the list of tasks.
    """
    for index, task in enumerate(records(tasks)):
        bind_task(task, scope.at(index), names)


def bind_task(task: Mapping[str, Any], scope: Scope, names: Collection[str]) -> None:
    """The workspaces of one task of a pipeline; ``scope`` is that of the task."""
    seen: set[str] = set()
    for index, entry in enumerate(records(task.get("workspaces"))):
        here = scope.at("workspaces", index)
        name = name_of(entry)
        if name in seen:
            here.report("T414", f'the task binds its workspace "{name}" more than once', "", at=("name",))
        seen.add(name)
        wanted = text(entry.get("workspace")) or name
        if wanted not in names:
            message = (
                f'the task "{name_of(task)}" wants the workspace "{wanted}" that the pipeline does not have'
            )
            hint = did_you_mean(wanted, names) or "declare it under workspaces of the pipeline"
            at = ("workspace",) if text(entry.get("workspace")) else ("name",)
            here.report("T413", message, "", at=at, hint=hint)


def check_binding(entry: Mapping[str, Any], scope: Scope) -> None:
    """What a run binds to a workspace: exactly one source of a volume, with its name."""
    if not any(_given(value) for value in entry.values()):
        scope.report("T117", "the workspace binding is empty", "")
        return
    sources = [source for source in _SOURCES if entry.get(source) is not None]
    name = name_of(entry)
    if not sources:
        hint = f"add one of {', '.join(_SOURCES)}"
        scope.report("T104", f'nothing is bound to the workspace "{name}"', *_SOURCE_FIELDS, hint=hint)
        return
    if len(sources) > 1:
        message = f'the workspace "{name}" is bound to {" and ".join(sources)}; only one is possible'
        scope.report("T103", message, *_SOURCE_FIELDS)
        return
    for source, key, field in _REQUIRED:
        if source in sources and not record(entry[source]).get(key):
            scope.report("T102", f'{source} of the workspace "{name}" has no {key}', field, at=(source,))


def check_bindings(value: Any, scope: Scope) -> None:
    """The workspaces of a task run or custom run; ``scope`` is that of the list."""
    entries = records(value)
    for index, entry in enumerate(entries):
        check_binding(entry, scope.at(index))
    check_unique_names(entries, scope, "workspace")


def check_unique_names(entries: Sequence[Mapping[str, Any]], scope: Scope, noun: str) -> None:
    """No two entries of one name, in whatever case.

    Nameless ones are not counted, indexes are those of the rest.
    """
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        name = name_of(entry)
        if name.lower() in seen:
            scope.report(
                "T116", f'the {noun} "{name}" is listed more than once', f"[{index}].name", at=(index, "name")
            )
        seen.add(name.lower())


def _given(value: Any) -> bool:
    return value is not None and value != "" and value is not False


def clean_path(path: str) -> str:
    """Go's filepath.Clean: like normpath, but two slashes at the start become one too."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned
