"""The step template of a task merged into its steps.

Tekton merges them as Kubernetes applies a strategic merge patch to a container
(pkg/apis/pipeline/v1/merge.go): what the step says wins, mappings are merged key by key, some lists entry by
entry, all others are taken whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from holkas.model.step import Container, Step
from holkas.model.task import TaskSpec
from holkas.records import replace

T = TypeVar("T")

_MERGE_KEYS = {"ports": "containerPort", "volumeDevices": "devicePath"}


def apply_step_template(spec: TaskSpec) -> TaskSpec:
    """The task with its template merged into every step; the template stays, sidecars do not get it."""
    if spec.step_template is None:
        return spec
    return replace(spec, steps=merge_steps(spec.step_template, spec.steps))


def merge_steps(template: Container, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps with what they leave open filled in from the template.

    ``env`` is merged by name and ``volumeMounts`` by path: a step's entry replaces the template's.
    """
    return tuple(
        replace(
            step,
            image=step.image or template.image,
            command=step.command or template.command,
            args=step.args or template.args,
            working_dir=step.working_dir or template.working_dir,
            env=merge_entries(template.env, step.env, lambda entry: entry.name),
            env_from=step.env_from or template.env_from,
            volume_mounts=merge_entries(
                template.volume_mounts, step.volume_mounts, lambda mount: mount.mount_path
            ),
            security_context=_merge(template.security_context, step.security_context),
            extra=_merge(template.extra, step.extra),
        )
        for step in steps
    )


def merge_entries(template: Sequence[T], step: Sequence[T], key_of: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Both lists in one, each in its order; where that leaves a choice the step comes first.

    Entries of one key are one entry, the step's (k8s.io/apimachinery, strategicpatch, normalizeElementOrder).
    """
    if not template or not step:
        return tuple(step or template)
    place = {key_of(entry): index for index, entry in enumerate(template)}
    own = {key_of(entry) for entry in step}
    others = [entry for entry in template if key_of(entry) not in own]
    merged: list[T] = []
    for entry in step:
        index = place.get(key_of(entry), -1)
        while others and place[key_of(others[0])] < index:
            merged.append(others.pop(0))
        merged.append(entry)
    return (*merged, *others)


def _merge(template: Mapping[str, Any], step: Mapping[str, Any]) -> Mapping[str, Any]:
    if not template or not step:
        return step or template
    merged = {**template, **step}
    for key in template.keys() & step.keys():
        ours, theirs = step[key], template[key]
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            merged[key] = _merge(theirs, ours)
        elif key in _MERGE_KEYS and isinstance(ours, list) and isinstance(theirs, list):
            merged[key] = _merge_manifests(theirs, ours, _MERGE_KEYS[key])
    return merged


def _merge_manifests(template: list[Any], step: list[Any], merge_key: str) -> list[Any]:
    def key_of(entry: Any) -> Hashable:
        return str(entry.get(merge_key)) if isinstance(entry, Mapping) else str(entry)

    return list(merge_entries(template, step, key_of))
