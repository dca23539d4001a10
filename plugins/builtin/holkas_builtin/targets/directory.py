"""A target whose resources are files: a working GitOps with no cluster.

``<directory>/<destination>/<namespace>/<Kind>[.<group>]/<name>.yaml``, for people to read; what was applied last is kept
beside, below ``.holkas``, so that the next apply is a three-way merge: fields that others added stay, ``status`` too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Lock, RLock
from typing import Any, ClassVar

from holkas.extensions.target import Applied, ApplyOptions, ApplyWay, Changes, Propagation, Target
from holkas.gitops.annotations import LAST_APPLIED, annotation, labels_of, with_annotations
from holkas.model.resource import Resource, ResourceKey
from holkas.roles.errors import ToolError

from holkas_builtin.targets.change_log import ChangeLog
from holkas_builtin.targets.files import Files, Signature
from holkas_builtin.targets.kinds import namespaced
from holkas_builtin.targets.layout import destination_directory, key_of_path, path_of
from holkas_builtin.targets.writing import apply_written, without_mark

_APPLIED = ".holkas/applied/"
_DEFINITIONS = "_cluster/CustomResourceDefinition.apiextensions.k8s.io"
_SHORT = 0.01
"""Seconds: looks that take no longer cost nothing that matters."""
_SPARED = 20.0
"""Who follows looks for a twentieth of the time at most."""
_Seen = tuple[Signature, Signature | None]


class DirectoryTarget(Target):
    """Resources as files below a directory. Safe for threads, and for processes that write different resources.

    destination: part of the directory that this target is. history: commit after each sync. patience: where looking
    at all files takes long, what others change is looked for after so many times as long; our own changes are known.
    pulse: seconds between looks of who follows it, longer where looking takes long.
    A file that is no such resource (a hand slipped) counts as one that has nothing of what is desired.
    """

    name: ClassVar[str] = "directory"
    has_status = False

    def __init__(
        self,
        directory: Path,
        *,
        destination: str = "",
        history: bool = False,
        patience: float = 4.0,
        pulse: float = 0.5,
    ) -> None:
        self._directory = directory.absolute()
        self._files = Files(self._directory / destination_directory(destination))
        self._history = history
        self._seen: dict[str, tuple[_Seen, Resource]] = {}
        self._log = ChangeLog()
        self._lock = RLock()
        self._stripes = tuple(Lock() for _ in range(32))
        self._patience = patience
        self._look_at = 0.0
        self._pulse = pulse
        self._closed = Event()

    def namespaced(self, group: str, kind: str) -> bool | None:
        with self._lock:
            paths = [f"{_DEFINITIONS}/{name}" for name, _ in self._files.walk(0, _DEFINITIONS)]
            found = [self._read(path) for path in paths if key_of_path(path) is not None]
            return namespaced(group, kind, [one.manifest for one in found if one is not None])

    def get(self, key: ResourceKey) -> Resource | None:
        path = path_of(key)
        with self._lock:
            return self._read(path)

    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        with self._lock:
            self._look()
            found = sorted((resource.key, resource) for _, resource in self._seen.values())
        wanted = (labels or {}).items()
        return (resource for _, resource in found if wanted <= labels_of(resource.manifest).items())

    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        options = options or ApplyOptions()
        path = path_of(resource.key)
        with self._stripe(path):
            before = self.get(resource.key)
            return apply_written(resource, before, options, lambda live: self._write(path, live))

    def dry_run_apply(self, resource: Resource, *, manager: str = "argocd-controller") -> Resource:
        tried = ApplyOptions(way=ApplyWay.SERVER_SIDE, dry_run=True, manager=manager)
        return self.apply(resource, tried).live

    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        path = path_of(key)
        if dry_run:
            return self._files.signature(path) is not None
        with self._stripe(path):
            found = self._files.remove(path)
            self._files.remove(_APPLIED + path)
            with self._lock:
                if self._seen.pop(path, None) is not None or found:
                    self._log.note(key)
            return found

    def changes(self, mark: str = "") -> Changes:
        with self._lock:
            if time.monotonic() >= self._look_at:
                started = time.monotonic()
                self._look()
                took = time.monotonic() - started
                self._look_at = started + took + (self._patience * took if took > _SHORT else 0.0)
            return self._log.since(mark)

    def watch(self) -> Iterator[ResourceKey]:
        with self._lock:
            self._look()
            return self._told(self._log.since("").mark)

    def _told(self, mark: str) -> Iterator[ResourceKey]:
        took = 0.0
        while not self._closed.wait(max(self._pulse, _SPARED * took)):
            started = time.monotonic()
            with self._lock:
                self._look()
                changes = self._log.since(mark)
                keys = (
                    changes.keys if changes.keys is not None else {one.key for _, one in self._seen.values()}
                )
            mark = changes.mark
            took = time.monotonic() - started
            yield from sorted(keys)

    def close(self) -> None:
        self._closed.set()

    def settled(self, message: str) -> None:
        if self._history and self._directory.is_dir():
            from holkas_builtin.targets.history import GitHistory

            GitHistory(self._directory).commit(message)

    # -- files

    def _stripe(self, path: str) -> Lock:
        """One at a time writes a resource; different ones are written at once."""
        return self._stripes[hash(path) % len(self._stripes)]

    def _look(self) -> None:
        """Bring what is known up to what is there."""
        found = {path: signature for path, signature in self._files.walk(2) if key_of_path(path) is not None}
        for path in [path for path in self._seen if path not in found]:
            self._forget(path)
        for path, signature in found.items():
            known = self._seen.get(path)
            if known is None or known[0] != (signature, self._files.signature(_APPLIED + path)):
                self._read(path)

    def _forget(self, path: str) -> None:
        _, resource = self._seen.pop(path)
        self._log.note(resource.key)

    def _read(self, path: str) -> Resource | None:
        """The resource in a file, from memory where it has not changed."""
        signature = self._files.signature(path)
        if signature is None:
            if path in self._seen:
                self._forget(path)
            return None
        seen = (signature, self._files.signature(_APPLIED + path))
        known = self._seen.get(path)
        if known is not None and known[0] == seen:
            return known[1]
        key = key_of_path(path)
        assert key is not None, path
        resource = Resource(manifest=self._parsed(path, key))
        if known is None or known[1] != resource:
            self._log.note(key)
        else:
            resource = known[1]  # touched, not changed
        self._seen[path] = (seen, resource)
        return resource

    def _parsed(self, path: str, key: ResourceKey) -> dict[str, Any]:
        manifest = _manifest_in(path, self._files.read(path), key)
        applied = self._files.read(_APPLIED + path)
        if applied is None:
            return manifest
        return with_annotations(manifest, {LAST_APPLIED: applied.decode("utf-8", "replace")})

    def _write(self, path: str, live: Resource) -> None:
        """The resource first: with what was applied before it, the next apply takes away what has to go all the same."""
        from holkas.yaml import dump

        self._files.write(path, dump(without_mark(live.manifest)).encode())
        applied = annotation(live.manifest, LAST_APPLIED) or ""
        self._files.write(_APPLIED + path, applied.encode("utf-8", "surrogatepass"), mode=0o600)
        with self._lock:
            self._read(path)


def _manifest_in(path: str, data: bytes | None, key: ResourceKey) -> dict[str, Any]:
    """What a file holds; a resource without anything but its identity, where it does not hold that very resource."""
    from holkas.yaml import Source, YamlError, load_documents

    try:
        documents = load_documents(Source(path, data or b""), strict=False)
    except (YamlError, ToolError):
        documents = []
    if len(documents) == 1 and isinstance(documents[0].value, dict):
        manifest: dict[str, Any] = documents[0].value
        if Resource(manifest=manifest).key == key:
            return manifest
    metadata = {"name": key.name, **({"namespace": key.namespace} if key.namespace else {})}
    version = f"{key.group}/unreadable" if key.group else "unreadable"
    return {"apiVersion": version, "kind": key.kind, "metadata": metadata}
