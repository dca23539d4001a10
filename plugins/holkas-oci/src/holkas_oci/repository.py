"""The role: an OCI registry as artifact repository."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from holkas.model.artifact import Artifact
from holkas.roles.artifact_repository import ArtifactRepository
from holkas.roles.content import digest_of, emptied
from holkas.roles.errors import AccessDenied, Conflict, Corrupt, NotFound, ToolError, Unsupported
from holkas.roles.faults import told

from holkas_oci import manifests
from holkas_oci.names import content_tag, is_digest, name_of, repository_of, tag_of, version_of
from holkas_oci.packing import blob_of, packed
from holkas_oci.referring import Referrers
from holkas_oci.registry import Manifest, Registry
from holkas_oci.transport import Transport
from holkas_oci.unpacking import write_file, write_tree

_AT_ONCE = 8


class OciRepository(ArtifactRepository):
    """Artifacts below a prefix of a registry: a repository a name, a tag a version.

    A version's manifest is written when its content is there, so that it is whole or not there.
    """

    name: ClassVar[str] = "oci"
    capabilities: ClassVar[frozenset[str]] = frozenset({"tag", "delete", "referrers"})

    def __init__(self, transport: Transport, prefix: str, *, chunk: int) -> None:
        self._transport = transport
        self._registry = Registry(transport, chunk)
        self._referrers = Referrers(self._registry)
        self._prefix = prefix

    def fault(self) -> str:
        try:
            self._registry.ping()
        except ToolError as error:
            return str(error)
        return ""

    def close(self) -> None:
        self._transport.close()

    def publish(
        self,
        name: str,
        version: str,
        path: Path,
        *,
        metadata: Mapping[str, str] | None = None,
        media_type: str = "application/octet-stream",
    ) -> Artifact:
        repository, tag = repository_of(self._prefix, name), tag_of(version)
        with told(f"cannot publish {name} {version}"):
            content = packed(path)
            present = self._published(repository, tag, name, version, content.digest)
            if present is None:
                data = manifests.artifact_manifest(name, version, content, media_type, metadata or {})
                self._registry.upload(repository, content.blob)
                self._registry.upload(repository, manifests.EMPTY)
                self._registry.put_manifest(repository, tag, data)
                # Registries let the last one win: whoever was faster with other content is not overwritten in silence.
                present = self._published(repository, tag, name, version, content.digest)
                if present is None:
                    raise ToolError(f"{name} {version} was published and is not there")
            with suppress(NotFound):
                self._registry.manifest(repository, content_tag(content.digest))
                return self._artifact(name, repository, present, note=True)
            self._registry.put_manifest(repository, content_tag(content.digest), present.data)
            return self._artifact(name, repository, present, note=True)

    def resolve(self, name: str, reference: str) -> Artifact:
        repository = repository_of(self._prefix, name)
        return self._artifact(name, repository, self._found(name, repository, reference))

    def fetch(self, artifact: Artifact, directory: Path) -> Path:
        repository = repository_of(self._prefix, artifact.name)
        with told(f"cannot fetch {artifact.name} {artifact.version}"):
            directory.mkdir(parents=True, exist_ok=True)
            if any(directory.iterdir()):
                raise ToolError(f"{directory} is not empty", hint="give a new directory")
            try:
                return self._fetched(artifact, repository, directory)
            except BaseException:
                emptied(directory)
                raise

    def artifacts(self, name: str = "") -> Iterator[Artifact]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for one in [name] if name else self._names():
                repository = repository_of(self._prefix, one)
                listed = pool.map(partial(self._listed, one, repository), self._tags(repository))
                found = [artifact for artifact in listed if artifact is not None]
                yield from sorted(found, key=lambda each: (each.published or 0.0, each.version), reverse=True)

    def tag(self, artifact: Artifact, tag: str) -> Artifact:
        repository = repository_of(self._prefix, artifact.name)
        found = self._found(artifact.name, repository, artifact.digest)
        with suppress(NotFound):
            if manifests.version_in(self._registry.manifest(repository, tag_of(tag))) == tag:
                raise Conflict(f"{tag} is a version of {artifact.name}, and cannot be a tag")
        self._registry.put_manifest(repository, tag_of(tag), found.data)
        return self._artifact(artifact.name, repository, found)

    def delete(self, artifact: Artifact) -> None:
        """Remove the version's manifest, and with it all its tags; blobs go when the registry collects its garbage."""
        repository = repository_of(self._prefix, artifact.name)
        with suppress(NotFound):
            found = self._of(artifact, repository)
            self._referrers.forget(repository, found.digest)
            self._registry.delete_manifest(repository, found.digest)

    def attach(
        self,
        subject: Artifact,
        media_type: str,
        data: bytes,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> Artifact:
        manifests.checked(media_type)
        repository = repository_of(self._prefix, subject.name)
        about, blob = self._of(subject, repository), blob_of(data)
        for known in self._documents(subject, repository, about, media_type):
            if known.digest == blob.digest:
                return known
        version, now = manifests.version_in(about), time.time()
        written = manifests.document_manifest(about, version, media_type, data, metadata or {}, now)
        self._registry.upload(repository, blob)
        self._registry.upload(repository, manifests.EMPTY)
        self._referrers.add(repository, about.digest, written)
        value, digest = manifests.descriptor_of(written), manifests.digest_in(about.value)
        location = self._location(repository, value["digest"])
        created = manifests.created_in(value)
        return manifests.artifact_in(value, subject.name, location, published=created, subject=digest)

    def referrers(self, subject: Artifact, media_type: str = "") -> tuple[Artifact, ...]:
        repository = repository_of(self._prefix, subject.name)
        try:
            about = self._of(subject, repository)
        except NotFound:
            return ()
        return self._documents(subject, repository, about, media_type)

    def _documents(
        self, subject: Artifact, repository: str, about: Manifest, media_type: str
    ) -> tuple[Artifact, ...]:
        """The documents about a manifest, oldest first, each once though two may have attached it at once."""
        digest = manifests.digest_in(about.value)
        found: dict[tuple[str, str], Artifact] = {}
        listed = self._referrers.about(repository, about.digest)
        for one in sorted(listed, key=lambda one: (manifests.created_in(one) or 0.0, one["digest"])):
            if not is_digest(manifests.digest_in(one)):
                continue  # a note of ours, or another tool's
            location = self._location(repository, one["digest"])
            created = manifests.created_in(one)
            document = manifests.artifact_in(one, subject.name, location, published=created, subject=digest)
            if media_type in ("", document.media_type):
                found.setdefault((document.media_type, document.digest), document)
        return tuple(found.values())

    def _published(self, repository: str, tag: str, name: str, version: str, digest: str) -> Manifest | None:
        """The version's manifest with this content, or None. Raises Conflict for anything else."""
        try:
            present = self._registry.manifest(repository, tag)
        except NotFound:
            return None
        found = manifests.version_in(present)
        if found != version:
            what = f"a tag of version {found}" if found else "something that holkas has not published"
            raise Conflict(f"{version} of {name} is {what}", hint="give new content a new version")
        if manifests.digest_in(present.value) != digest:
            raise Conflict(
                f"{name} {version} is published already, as {manifests.digest_in(present.value)}",
                hint="give new content a new version",
            )
        return present

    def _found(self, name: str, repository: str, reference: str) -> Manifest:
        """The manifest by version, tag or content's digest. Raises NotFound."""
        with suppress(NotFound):
            tag = content_tag(reference) if is_digest(reference) else tag_of(reference)
            found = self._registry.manifest(repository, tag)
            if manifests.version_in(found):
                return found
        if is_digest(
            reference
        ):  # the tag goes with the first version of some content, another may still have it
            for tag in self._tags(repository):
                with suppress(NotFound):
                    found = self._registry.manifest(repository, tag)
                    if manifests.digest_in(found.value) == reference and manifests.version_in(found):
                        return found
        raise NotFound(f"there is no {name} {reference}")

    def _of(self, artifact: Artifact, repository: str) -> Manifest:
        """The manifest of an artifact: of its version where that has its content, else of its content."""
        if artifact.version:
            with suppress(NotFound):
                found = self._registry.manifest(repository, tag_of(artifact.version))
                if manifests.digest_in(found.value) == artifact.digest:
                    return found
        return self._found(artifact.name, repository, artifact.digest)

    def _fetched(self, artifact: Artifact, repository: str, directory: Path) -> Path:
        if artifact.subject:
            digest, size, tree = artifact.digest, artifact.size, False
        else:
            found = self._of(artifact, repository)
            digest, size = manifests.layer_in(found)
            tree = manifests.artifact_in(found.value, artifact.name, "it").tree
        target = directory if tree else directory / (artifact.name.rpartition("/")[2] or "content")
        with self._registry.download(repository, digest, size) as source:
            if tree:
                write_tree(source, directory, size)
            else:
                write_file(source, target)
            if source.digest() != digest:
                raise Corrupt(f"the layer {digest} of {artifact.name} is not what its digest says")
        try:
            content = digest_of(target)
        except ToolError as error:
            raise Corrupt(f"{artifact.name} holds what no artifact can hold: {error}") from None
        if content != artifact.digest:
            raise Corrupt(f"{artifact.name} {artifact.version} should be {artifact.digest}, is {content}")
        return target

    def _listed(self, name: str, repository: str, tag: str) -> Artifact | None:
        try:
            found = self._registry.manifest(repository, tag)
        except NotFound:  # deleted meanwhile
            return None
        if manifests.version_in(found) != version_of(tag):
            return None
        return self._artifact(name, repository, found)

    def _artifact(self, name: str, repository: str, found: Manifest, *, note: bool = False) -> Artifact:
        """The artifact of a manifest with the time when it was published, which a note beside it says.

        note: write one where there is none, as after a publisher that died.
        """
        said = [
            created
            for one in self._referrers.about(repository, found.digest)
            if one.get("artifactType") == manifests.PUBLISHED
            and (created := manifests.created_in(one)) is not None
        ]
        if note and not said:
            said = [time.time()]
            self._referrers.add(repository, found.digest, manifests.published_note(found, said[0]))
        location = self._location(repository, found.digest)
        return manifests.artifact_in(found.value, name, location, published=min(said, default=None))

    def _names(self) -> list[str]:
        try:
            known = list(self._registry.repositories())
        except (NotFound, AccessDenied) as error:
            raise Unsupported(
                f"this registry does not list its repositories: {error}", hint="give the artifact's name"
            ) from None
        return sorted(filter(None, (name_of(self._prefix, one) for one in known)))

    def _tags(self, repository: str) -> list[str]:
        return [tag for tag in self._registry.tags(repository) if version_of(tag)]

    def _location(self, repository: str, digest: str) -> str:
        return f"{self._transport.base.partition('://')[2]}/{repository}@{digest}"
