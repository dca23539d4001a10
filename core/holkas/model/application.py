"""Applications: resources from sources, kept in a destination, as Argo CD means it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSource:
    """Where manifests come from. ``options``: ``helm``, ``kustomize``, ``directory``, ``plugin`` as in the
    manifest.

    revision: branch, tag, id or range of versions; empty for the default. ref: name by which other sources
    refer to it.
    """

    repository: str
    path: str = ""
    revision: str = ""
    chart: str = ""
    ref: str = ""
    name: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A target by its server's address or its name, and the namespace for resources that name none."""

    server: str = ""
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPolicy:
    """When and how differences are put right. ``options``: ``syncOptions`` as written (``Prune=false`` …).

    retry: ``retry`` as in the manifest.
    """

    automated: bool = False
    prune: bool = False
    self_heal: bool = False
    allow_empty: bool = False
    options: tuple[str, ...] = ()
    retry: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A named set of resources and the place where they are to be."""

    name: str
    namespace: str = ""
    project: str = "default"
    sources: tuple[ApplicationSource, ...] = ()
    destination: Destination = field(default_factory=Destination)
    sync_policy: SyncPolicy = field(default_factory=SyncPolicy)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
