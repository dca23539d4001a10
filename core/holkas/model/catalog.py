"""What a run can refer to by name: the documents that came with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.pipeline import Pipeline
from holkas.model.reference import RefSource
from holkas.model.secret import Secret
from holkas.model.step import StepAction
from holkas.model.task import Task
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretData:
    """A Kubernetes Secret. ``annotations`` matter for credentials (``tekton.dev/git-0`` …)."""

    name: str
    type: str = "Opaque"
    data: Mapping[str, Secret] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Documents by name, of one file, one directory or one repository.

    service_accounts: name → names of its secrets. pull_secrets: the same for those with which images are pulled.
    claims: PersistentVolumeClaims by name; each is a directory that lasts for the run.
    Documents that resolvers found are here under the key of their reference. sources: kind and key → where from.
    unresolved: kind and key → why a resolver did not find it.
    custom_tasks: ``apiVersion/kind`` of custom tasks that a plugin serves. objects: documents of such kinds, by
        ``apiVersion/kind`` and name.
    """

    tasks: Mapping[str, Task] = field(default_factory=dict)
    pipelines: Mapping[str, Pipeline] = field(default_factory=dict)
    step_actions: Mapping[str, StepAction] = field(default_factory=dict)
    config_maps: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    secrets: Mapping[str, SecretData] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    service_accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pull_secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], RefSource] = field(default_factory=dict)
    unresolved: Mapping[tuple[str, str], str] = field(default_factory=dict)
    custom_tasks: frozenset[str] = frozenset()
    objects: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
