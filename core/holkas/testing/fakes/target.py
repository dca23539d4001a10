"""A target in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import RLock
from typing import ClassVar

from holkas.extensions.target import Applied, ApplyOptions, ApplyWay, Propagation, Target
from holkas.model.resource import Resource, ResourceKey
from holkas.roles.errors import Conflict, Unsupported

CLUSTER_WIDE = frozenset({"Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"})


class FakeTarget(Target):
    """Resources as they were applied: whole, without defaults or a status."""

    name: ClassVar[str] = "fake"

    def __init__(self) -> None:
        self._resources: dict[ResourceKey, Resource] = {}
        self._lock = RLock()

    def namespaced(self, group: str, kind: str) -> bool | None:
        return kind not in CLUSTER_WIDE

    def get(self, key: ResourceKey) -> Resource | None:
        return self._resources.get(key)

    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        with self._lock:
            resources = sorted(self._resources.items())
        for _, resource in resources:
            metadata = resource.manifest.get("metadata") or {}
            if (labels or {}).items() <= (metadata.get("labels") or {}).items():
                yield resource

    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        options = options or ApplyOptions()
        if options.way is ApplyWay.SERVER_SIDE:
            raise Unsupported("the fake target has no server side")
        with self._lock:
            before = self._resources.get(resource.key)
            if before is not None and options.way is ApplyWay.CREATE:
                raise Conflict(f"{resource.key} exists")
            live = Resource(manifest=resource.manifest)
            if not options.dry_run:
                self._resources[resource.key] = live
            return Applied(live=live, changed=before != live)

    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        with self._lock:
            found = key in self._resources
            if not dry_run:
                self._resources.pop(key, None)
            return found
