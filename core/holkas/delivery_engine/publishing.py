"""Publishing: what was built goes into the repository once, with its provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas.delivery import envelope, provenance
from holkas.delivery import event_types as on
from holkas.delivery.definition import ArtifactRule
from holkas.delivery.delivery_state import artifact_data
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.pipelines import inside
from holkas.model.artifact import Artifact
from holkas.roles.content import digest_of
from holkas.roles.errors import Conflict

REVISION, DELIVERY = "holkas.revision", "holkas.delivery"
"""Keys of an artifact's metadata."""

BUILDER = "https://holkas.dev/builder"


class Lost(Exception):
    """What was built is not on this machine any more, or not as it was: it has to be built again."""


def publish(job: Job) -> None:
    """Publish every artifact and note where. Raises Refused, Lost, and ToolError."""
    made: list[dict[str, Any]] = []
    signed: dict[str, str] = {}
    for rule in job.definition.artifacts:
        artifact = _published(job, rule)
        made.append(artifact_data(artifact))
        if signature := _attached(job, rule, artifact):
            signed[artifact.name] = signature
    revision = job.state.revision
    job.recorder.note(
        on.PUBLISHED, artifacts=made, signed=signed, revision=revision.id, repository=revision.repository
    )


def _published(job: Job, rule: ArtifactRule) -> Artifact:
    repository, built = job.tools.artifact_repository(), job.state.built_artifacts[rule.name]
    version, digest = built["version"], built["digest"]
    if rule.result:
        found = job.retried(lambda: repository.resolve(rule.name, digest))
        return Artifact(**{**artifact_data(found), "version": version})
    path = job.built_here.get(rule.name)
    if path is None:
        path = inside(job.sources, rule.path)
        if not path.exists() or digest_of(path) != digest:
            raise Lost(f"{rule.path} is not what was built")
    metadata = {REVISION: job.state.revision.id, DELIVERY: f"{job.definition.name}/{job.state.number}"}
    try:
        found = job.retried(
            lambda: repository.publish(
                rule.name, version, path, metadata=metadata, media_type=rule.media_type
            )
        )
    except Conflict:
        # Built again after a crash, and not to the same bytes: what was published first is what is delivered.
        found = job.retried(lambda: repository.resolve(rule.name, version))
        if found.metadata.get(REVISION) != job.state.revision.id:
            raise Refused(
                f"{rule.name} {version} is published already, with other content: a version is never replaced"
            ) from None
        return found
    if found.digest != digest:
        raise Refused(f"{rule.name} {version} was {digest} when it was built and is {found.digest} now")
    return found


def _attached(job: Job, rule: ArtifactRule, artifact: Artifact) -> str:
    """Attach provenance and SBOM; the key's id where the provenance is signed."""
    repository = job.tools.artifact_repository()
    if "referrers" not in repository.capabilities:
        return ""
    if rule.sbom:
        sbom = inside(job.sources, rule.sbom)
        if sbom.is_file():
            data = sbom.read_bytes()
            job.retried(lambda: repository.attach(artifact, sbom_type(data), data))
    statement = provenance.statement(job.state, artifact, _pipeline(job), BUILDER)
    key = signing_key(job)
    if key is None:
        job.retried(lambda: repository.attach(artifact, provenance.MEDIA_TYPE, statement))
        return ""
    document = envelope.signed(statement, key)
    job.retried(lambda: repository.attach(artifact, envelope.MEDIA_TYPE, document))
    return str(json.loads(document)["signatures"][0]["keyid"])


def signing_key(job: Job) -> bytes | None:
    """The private key, None where none is configured."""
    reference = job.definition.signing.key
    if not reference:
        return None
    name, _, field = reference.partition("#")
    store = job.tools.secret_store()
    return job.retried(lambda: store.read(name, field or "value")).reveal()


def sbom_type(data: bytes) -> str:
    """The media type of an SBOM, judged by its content."""
    if b'"bomFormat"' in data[:4096]:
        return "application/vnd.cyclonedx+json"
    return "application/spdx+json" if b'"spdxVersion"' in data[:4096] else "application/octet-stream"


def _pipeline(job: Job) -> Mapping[str, Any]:
    use = job.definition.pipeline
    if use is None:
        return {}
    return {"pipeline": use.file or use.job, "params": dict(use.params)}
