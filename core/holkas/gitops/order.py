"""The order of a sync: phase, wave, kind, name (Argo CD, "Sync Phases and Waves")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from holkas.gitops.annotations import HELM_HOOK_WEIGHT, SYNC_WAVE, annotation
from holkas.model.sync import SyncTask, key_of

_KINDS = (
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
)
_KIND_RANK = {kind: number - len(_KINDS) for number, kind in enumerate(_KINDS)}
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


def kind_rank(kind: str) -> int:
    """Where a kind stands within a wave: negative for the known ones, 0 (last) for all others."""
    return _KIND_RANK.get(kind, 0)


def wave_of(manifest: Mapping[str, Any]) -> int:
    """The wave of a manifest: ``sync-wave``, else Helm's ``hook-weight``, else 0; what is no number is passed over."""
    for name in (SYNC_WAVE, HELM_HOOK_WEIGHT):
        text = annotation(manifest, name)
        if text is not None and _WHOLE_NUMBER.fullmatch(text):
            return int(text)
    return 0


def ordered(tasks: Iterable[SyncTask]) -> list[SyncTask]:
    """Tasks in order, with namespaces and custom resource definitions pulled before what first needs them.

    A pulled task takes over the phase and the wave of what needs it.
    """
    found = sorted(tasks, key=_rank)
    found = _pulled(found, _namespace_made, _namespace_needed)
    return _pulled(found, _kind_made, _kind_needed)


def _rank(task: SyncTask) -> tuple[int, int, int, str, str, str]:
    key = task.key.resource
    return (task.key.phase.rank, task.wave, kind_rank(key.kind), key.name, key.namespace, key.group)


_Names = Callable[[Mapping[str, Any]], str]
"""A name of something that a manifest makes, or needs; empty for none."""


def _pulled(tasks: list[SyncTask], makes: _Names, needs: _Names) -> list[SyncTask]:
    """Each maker before the first task that needs what it makes; linear in what has to move."""
    first: dict[str, int] = {}
    moves: dict[int, list[SyncTask]] = {}
    stays: list[bool] = []
    for number, task in enumerate(tasks):
        made = makes(task.target) if task.target is not None else ""
        place = first.get(made) if made else None
        stays.append(place is None)
        if place is not None:
            before = tasks[place]
            key = replace(task.key, phase=before.key.phase)
            moves.setdefault(place, []).append(replace(task, key=key, wave=before.wave))
        elif not made and task.target is not None:
            first.setdefault(needs(task.target), number)
    if not moves:
        return tasks
    result: list[SyncTask] = []
    for number, task in enumerate(tasks):
        result.extend(moves.get(number, ()))
        if stays[number]:
            result.append(task)
    return result


def _namespace_made(manifest: Mapping[str, Any]) -> str:
    key = key_of(manifest)
    return key.name if key.kind == "Namespace" and not key.group else ""


def _namespace_needed(manifest: Mapping[str, Any]) -> str:
    return key_of(manifest).namespace


def _kind_made(manifest: Mapping[str, Any]) -> str:
    if not is_crd(manifest):
        return ""
    group, kind = defined_kind(manifest)
    return f"{group}/{kind}" if group and kind else ""


def _kind_needed(manifest: Mapping[str, Any]) -> str:
    key = key_of(manifest)
    return f"{key.group}/{key.kind}"


def is_crd(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest defines a custom kind."""
    key = key_of(manifest)
    return key.kind == "CustomResourceDefinition" and key.group == "apiextensions.k8s.io"


def defined_kind(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """Group and kind that a custom resource definition defines; empty where it does not say."""
    spec = manifest.get("spec")
    names = spec.get("names") if isinstance(spec, Mapping) else None
    group = spec.get("group") if isinstance(spec, Mapping) else None
    kind = names.get("kind") if isinstance(names, Mapping) else None
    return (group if isinstance(group, str) else "", kind if isinstance(kind, str) else "")
