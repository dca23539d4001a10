"""Artifact repositories: what was built, kept by its digest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from holkas.model.artifact import Artifact
from holkas.roles.role import Role


class ArtifactRepository(Role):
    """Keeps artifacts: a directory, an OCI registry, a raw HTTP repository, S3.

    An artifact has a *name* (segments with slashes between them) and a *version*. What was published under
    both is
    never replaced: a binary is built once and used in every environment. Every tool takes names of lower-case
    letters and digits with single dots, dashes and underscores between them; what else it takes is its own.

    Life cycle: an artifact is seen by ``resolve`` only when it is complete, also when the publisher is
    killed in the middle. Threads: all methods, also for the same name, and from several processes.

    Capabilities: ``tag`` (a further name for a digest, without a copy), ``delete``, ``referrers`` (SBOMs,
    provenance and signatures beside an artifact).
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset({"tag", "delete", "referrers"})

    @abstractmethod
    def publish(
        self,
        name: str,
        version: str,
        path: Path,
        *,
        metadata: Mapping[str, str] | None = None,
        media_type: str = "application/octet-stream",
    ) -> Artifact:
        """Store a file or a tree. The same content under the same name and version again is harmless.

        path: the file, or the directory whose files, links and executable bits make the tree. The digest is
        :func:`holkas.roles.content.digest_of`, whatever form the repository keeps it in. Raises Conflict when
        the version has other content, AccessDenied, Retryable, and ToolError for content that cannot be
        stored (a device, a link that leaves the tree).
        """

    @abstractmethod
    def resolve(self, name: str, reference: str) -> Artifact:
        """The artifact by its version, by a tag, or by its digest (``sha256:…``). Raises NotFound."""

    @abstractmethod
    def fetch(self, artifact: Artifact, directory: Path) -> Path:
        """Write the content into ``directory`` and return the path of the file or of the tree's root.

        directory: is made, or is empty. The digest is computed of what was written and compared with
        ``artifact.digest``: Corrupt is raised when it differs, and nothing is left in the directory. Nothing
        is written outside of it. Raises NotFound, Retryable.
        """

    @abstractmethod
    def artifacts(self, name: str = "") -> Iterator[Artifact]:
        """What is stored under a name, newest first; everything, by name, where it is empty.

        Raises Unsupported for everything where the tool does not list names (some registries do not), Retryable.
        """

    def tag(self, artifact: Artifact, tag: str) -> Artifact:
        """Let a further name mean this digest; a tag that exists is moved. Capability ``tag``.

        Raises NotFound, and Conflict when the tag is a version that was published.
        """
        raise self.unsupported("tag")

    def delete(self, artifact: Artifact) -> None:
        """Remove an artifact and its tags; harmless when it is gone. Capability ``delete``."""
        raise self.unsupported("delete")

    def attach(
        self,
        subject: Artifact,
        media_type: str,
        data: bytes,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> Artifact:
        """Store a document about an artifact (in-toto statement, SPDX, signature). Capability ``referrers``.

        The same bytes of the same type again are harmless. Raises NotFound when the subject is not there.
        """
        raise self.unsupported("referrers")

    def referrers(self, subject: Artifact, media_type: str = "") -> tuple[Artifact, ...]:
        """Documents about an artifact, oldest first; ``fetch`` gets them. Capability ``referrers``."""
        raise self.unsupported("referrers")
