"""A target that is gone with the process: for tests, and to see what a sync would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Condition, RLock
from typing import Any, ClassVar

from holkas.extensions.target import Applied, ApplyOptions, ApplyWay, Changes, Propagation, Target
from holkas.gitops.annotations import labels_of
from holkas.gitops.order import is_crd
from holkas.model.resource import Resource, ResourceKey

from holkas_builtin.targets.change_log import ChangeLog
from holkas_builtin.targets.kinds import namespaced
from holkas_builtin.targets.writing import apply_written


class MemoryTarget(Target):
    """Resources in a dict. Safe for threads. has_status: whether somebody calls :meth:`put` with their statuses."""

    name: ClassVar[str] = "memory"

    def __init__(self, *, has_status: bool = False) -> None:
        self.has_status = has_status
        self._resources: dict[ResourceKey, Resource] = {}
        self._definitions: set[ResourceKey] = set()
        self._sorted: tuple[Resource, ...] | None = ()
        self._log = ChangeLog()
        self._lock = RLock()
        self._changed = Condition(self._lock)
        self._closed = False

    def namespaced(self, group: str, kind: str) -> bool | None:
        with self._lock:
            return namespaced(group, kind, [self._resources[key].manifest for key in self._definitions])

    def get(self, key: ResourceKey) -> Resource | None:
        with self._lock:
            return self._resources.get(key)

    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        with self._lock:
            if self._sorted is None:
                self._sorted = tuple(self._resources[key] for key in sorted(self._resources))
            found = self._sorted
        if not labels:
            return iter(found)
        return (one for one in found if labels.items() <= labels_of(one.manifest).items())

    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        options = options or ApplyOptions()
        with self._lock:
            return apply_written(resource, self._resources.get(resource.key), options, self._put)

    def dry_run_apply(self, resource: Resource, *, manager: str = "argocd-controller") -> Resource:
        tried = ApplyOptions(way=ApplyWay.SERVER_SIDE, dry_run=True, manager=manager)
        return self.apply(resource, tried).live

    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        with self._lock:
            found = key in self._resources
            if found and not dry_run:
                del self._resources[key]
                self._definitions.discard(key)
                self._sorted = None
                self._note(key)
            return found

    def changes(self, mark: str = "") -> Changes:
        with self._lock:
            return self._log.since(mark)

    def watch(self) -> Iterator[ResourceKey]:
        return self._told(self.changes().mark)

    def _told(self, mark: str) -> Iterator[ResourceKey]:
        while True:
            with self._changed:
                while not self._closed and self._log.since(mark).keys == frozenset():
                    self._changed.wait()
                if self._closed:
                    return
                changes = self._log.since(mark)
                keys = changes.keys if changes.keys is not None else frozenset(self._resources)
            mark = changes.mark
            yield from sorted(keys)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def put(self, manifest: Mapping[str, Any]) -> None:
        """What somebody else does to a resource, a controller or a person: it is as given from now on."""
        with self._lock:
            self._put(Resource(manifest=manifest))

    def _put(self, resource: Resource) -> None:
        key = resource.key
        self._resources[key] = resource
        if is_crd(resource.manifest):
            self._definitions.add(key)
        self._sorted = None
        self._note(key)

    def _note(self, key: ResourceKey) -> None:
        self._log.note(key)
        self._changed.notify_all()
