"""The role: a directory as artifact repository."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from holkas.model.artifact import Artifact
from holkas.roles.artifact_repository import ArtifactRepository
from holkas.roles.content import emptied
from holkas.roles.errors import Conflict, ToolError
from holkas.roles.faults import told

from .catalogue import Catalogue, missing
from .collecting import Collected, collected
from .objects import Objects


class DirectoryRepository(ArtifactRepository):
    """Artifacts below a directory, which is made when something is published.

    Content is stored before the version that names it, so that a version is whole or not there. Whoever writes or
    reads holds a shared lock, the collection of garbage an exclusive one.
    """

    name: ClassVar[str] = "directory"
    capabilities: ClassVar[frozenset[str]] = frozenset({"tag", "delete", "referrers"})

    def __init__(self, directory: Path) -> None:
        self._directory = directory.absolute()
        self._objects = Objects(self._directory)
        self._catalogue = Catalogue(self._directory)

    def fault(self) -> str:
        place = self._directory
        while not place.exists():
            place = place.parent
        if not place.is_dir():
            return f"{place} is not a directory"
        return "" if os.access(place, os.W_OK | os.X_OK) else f"{place} cannot be written"

    def publish(
        self,
        name: str,
        version: str,
        path: Path,
        *,
        metadata: Mapping[str, str] | None = None,
        media_type: str = "application/octet-stream",
    ) -> Artifact:
        self._catalogue.check(name, version)
        with told(f"cannot publish {name} {version}"), self._locked(fcntl.LOCK_SH):
            digest, size, tree = self._objects.add(path)
            return self._catalogue.add(
                Artifact(
                    name=name,
                    version=version,
                    digest=digest,
                    size=size,
                    tree=tree,
                    media_type=media_type,
                    metadata=dict(metadata or {}),
                    published=time.time(),
                    location=str(self._directory),
                )
            )

    def resolve(self, name: str, reference: str) -> Artifact:
        with told(f"cannot look for {name} {reference}"):
            digest = reference
            if not reference.startswith("sha256:"):
                if (found := self._catalogue.version(name, reference)) is not None:
                    return found
                digest = self._catalogue.tagged(name, reference)
            for one in self._catalogue.versions(name):
                if one.digest == digest:
                    return one
        raise missing(name, reference)

    def fetch(self, artifact: Artifact, directory: Path) -> Path:
        with told(f"cannot fetch {artifact.name or artifact.digest}"):
            directory.mkdir(parents=True, exist_ok=True)
            if any(directory.iterdir()):
                raise ToolError(f"{directory} is not empty", hint="give a new directory")
            with self._locked(fcntl.LOCK_SH):
                try:
                    name = artifact.name.rpartition("/")[2]
                    name = name if name not in ("", ".", "..") and "\0" not in name else "content"
                    return self._objects.write(artifact.digest, directory, name)
                except BaseException:
                    emptied(directory)
                    raise

    def artifacts(self, name: str = "") -> Iterator[Artifact]:
        with told("cannot list the artifacts"):
            for one in [name] if name else self._catalogue.names():
                yield from self._catalogue.versions(one)

    def tag(self, artifact: Artifact, tag: str) -> Artifact:
        with told(f"cannot tag {artifact.name}"), self._locked(fcntl.LOCK_SH):
            found = self.resolve(artifact.name, artifact.digest)
            if self._catalogue.version(artifact.name, tag) is not None:
                raise Conflict(f"{tag} is a version of {artifact.name}, and cannot be a tag")
            self._catalogue.set_tag(artifact.name, tag, found.digest)
            return found

    def delete(self, artifact: Artifact) -> None:
        """Forget the version; its content goes with the next :meth:`collect`."""
        with told(f"cannot delete {artifact.name}"), self._locked(fcntl.LOCK_SH):
            self._catalogue.remove(artifact.name, artifact.version, artifact.digest)

    def attach(
        self,
        subject: Artifact,
        media_type: str,
        data: bytes,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> Artifact:
        with told(f"cannot attach to {subject.name}"), self._locked(fcntl.LOCK_SH):
            found = self.resolve(subject.name, subject.digest)
            digest = f"sha256:{self._objects.add_bytes(data)}"
            return self._catalogue.attach(
                Artifact(
                    name=found.name,
                    version=found.version,
                    digest=digest,
                    size=len(data),
                    media_type=media_type,
                    metadata=dict(metadata or {}),
                    published=time.time(),
                    location=str(self._directory),
                    subject=found.digest,
                )
            )

    def referrers(self, subject: Artifact, media_type: str = "") -> tuple[Artifact, ...]:
        with told(f"cannot list the documents about {subject.name}"):
            found = self._catalogue.documents(subject.digest)
            return tuple(one for one in found if media_type in ("", one.media_type))

    def collect(self, *, dry_run: bool = False) -> Collected:
        """Take away content that no version, tag or document names any more; waits for those who write and read."""
        with told("cannot collect garbage"), self._locked(fcntl.LOCK_EX):
            return collected(self._objects, self._catalogue, dry_run=dry_run)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        self._directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)
