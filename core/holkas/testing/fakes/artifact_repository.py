"""An artifact repository in memory, with every capability of the role."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import RLock
from time import time
from typing import ClassVar

from holkas.model.artifact import Artifact
from holkas.roles.artifact_repository import ArtifactRepository
from holkas.roles.content import digest_of, size_of
from holkas.roles.errors import Conflict, Corrupt, NotFound, ToolError
from holkas.testing.fakes.content import Content, content_of


class FakeArtifactRepository(ArtifactRepository):
    """Publish and fetch as the role says; a test may :meth:`tamper` with what is kept."""

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = frozenset({"tag", "delete", "referrers"})

    def __init__(self) -> None:
        self._content: dict[str, Content] = {}
        self._published: list[Artifact] = []
        self._documents: list[Artifact] = []
        self._tags: dict[tuple[str, str], Artifact] = {}
        self._lock = RLock()

    def publish(
        self,
        name: str,
        version: str,
        path: Path,
        *,
        metadata: Mapping[str, str] | None = None,
        media_type: str = "application/octet-stream",
    ) -> Artifact:
        if not path.exists():
            raise ToolError(f"{path} does not exist")
        digest = digest_of(path)
        with self._lock:
            for known in self._published:
                if (known.name, known.version) == (name, version):
                    if known.digest == digest:
                        return known
                    raise Conflict(f"{name} {version} is published with other content ({known.digest})")
            artifact = Artifact(
                name=name,
                version=version,
                digest=digest,
                size=size_of(path),
                tree=path.is_dir(),
                media_type=media_type,
                metadata=dict(metadata or {}),
                published=time(),
                location=f"memory:{digest}",
            )
            self._content[digest] = content_of(path)
            self._published.append(artifact)
            return artifact

    def resolve(self, name: str, reference: str) -> Artifact:
        with self._lock:
            if tagged := self._tags.get((name, reference)):
                return tagged
            for artifact in reversed(self._published):  # the one that is wanted most is the last one
                if artifact.name == name and reference in (artifact.version, artifact.digest):
                    return artifact
            for document in self._documents:
                if (document.name, document.digest) == (name, reference):
                    return document
        raise NotFound(f"there is no {name} {reference}")

    def fetch(self, artifact: Artifact, directory: Path) -> Path:
        content = self._content.get(artifact.digest)
        if content is None:
            raise NotFound(f"there is no content {artifact.digest}")
        directory.mkdir(parents=True, exist_ok=True)
        copy = directory / artifact.name.rsplit("/", 1)[-1]
        content.write(copy)
        if (found := digest_of(copy)) != artifact.digest:
            _remove(copy)
            raise Corrupt(f"{artifact.name} {artifact.version} should be {artifact.digest}, is {found}")
        return copy

    def artifacts(self, name: str = "") -> Iterator[Artifact]:
        with self._lock:
            found = [one for one in reversed(self._published) if name in ("", one.name)]
        yield from found if name else sorted(found, key=lambda artifact: artifact.name)

    def tag(self, artifact: Artifact, tag: str) -> Artifact:
        with self._lock:
            stored = self.resolve(artifact.name, artifact.digest)
            if any((one.name, one.version) == (artifact.name, tag) for one in self._published):
                raise Conflict(f"{tag} is a published version of {artifact.name}")
            self._tags[artifact.name, tag] = stored
            return stored

    def delete(self, artifact: Artifact) -> None:
        with self._lock:
            self._published = [one for one in self._published if _key(one) != _key(artifact)]
            self._tags = {key: one for key, one in self._tags.items() if _key(one) != _key(artifact)}
            if not any(one.digest == artifact.digest for one in self._published):
                self._content.pop(artifact.digest, None)

    def attach(
        self,
        subject: Artifact,
        media_type: str,
        data: bytes,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> Artifact:
        with self._lock:
            about = self.resolve(subject.name, subject.digest)
            digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
            document = Artifact(
                name=about.name,
                version=about.version,
                digest=digest,
                size=len(data),
                media_type=media_type,
                metadata=dict(metadata or {}),
                published=time(),
                subject=about.digest,
                location=f"memory:{digest}",
            )
            for known in self.referrers(about, media_type):
                if known.digest == document.digest:
                    return known
            self._content[digest] = Content({"": (0o644, data)}, {})
            self._documents.append(document)
            return document

    def referrers(self, subject: Artifact, media_type: str = "") -> tuple[Artifact, ...]:
        with self._lock:
            return tuple(
                one
                for one in self._documents
                if one.subject == subject.digest and media_type in ("", one.media_type)
            )

    def data(self, digest: str, path: str = "") -> bytes:
        """The bytes that are kept of a file, or of a file of a tree."""
        return self._content[digest].files[path][1]

    def tamper(self, digest: str, data: bytes, path: str = "") -> None:
        """Change what is kept behind everybody's back; ``path`` within a tree."""
        self._content[digest].files[path] = (0o644, data)


def _key(artifact: Artifact) -> tuple[str, str]:
    return artifact.name, artifact.digest


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
