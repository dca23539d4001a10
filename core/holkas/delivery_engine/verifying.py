"""Before each deployment: is this still what was built, and does somebody we trust say so?"""

from __future__ import annotations

from pathlib import Path

from holkas.delivery import envelope, provenance
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.publishing import signing_key
from holkas.model.artifact import Artifact
from holkas.roles.errors import Corrupt, NotFound


def fetched(job: Job, artifact: Artifact, directory: Path) -> Path:
    """The content of an artifact, verified. Raises Refused where anything is not as it was, and Retryable."""
    repository = job.tools.artifact_repository()
    try:
        found = job.retried(lambda: repository.resolve(artifact.name, artifact.version))
    except NotFound as error:
        raise Refused(f"{artifact.name} {artifact.version} is not in the repository any more") from error
    if found.digest != artifact.digest:
        raise Refused(
            f"{artifact.name} {artifact.version} was {artifact.digest} and is {found.digest} now: "
            f"only what was built is deployed"
        )
    if job.definition.signing.required:
        _signed(job, artifact, directory)
    try:
        return job.retried(lambda: repository.fetch(artifact, directory / "content" / artifact.name))
    except Corrupt as error:
        raise Refused(f"{artifact.name} {artifact.version} was tampered with: {error}") from error
    except NotFound as error:
        raise Refused(f"the content of {artifact.name} {artifact.version} is gone: {error}") from error


def _signed(job: Job, artifact: Artifact, directory: Path) -> None:
    """Raise Refused unless a trusted key vouches for the artifact and the revision."""
    repository = job.tools.artifact_repository()
    trusted = [pem.encode() for pem in job.definition.signing.trusted]
    if not trusted and (key := signing_key(job)) is not None:
        trusted = [envelope.public_pem(key)]
    if "referrers" not in repository.capabilities:
        raise Refused("signatures are required, and the artifact repository keeps none")
    why = f"{artifact.name} {artifact.version} is not signed"
    for number, document in enumerate(
        job.retried(lambda: repository.referrers(artifact, envelope.MEDIA_TYPE))
    ):
        place = directory / "signatures" / artifact.name / str(number)
        try:
            path = repository.fetch(document, place)
        except (Corrupt, NotFound):
            why = f"the signature of {artifact.name} {artifact.version} was tampered with"
            continue
        payload = envelope.opened(path.read_bytes(), trusted)
        if payload is None:
            why = f"{artifact.name} {artifact.version} is signed by nobody who is trusted"
            continue
        fault = provenance.fault(payload, artifact, job.state.revision.id)
        if not fault:
            return
        why = f"{artifact.name} {artifact.version}: {fault}"
    raise Refused(why)
