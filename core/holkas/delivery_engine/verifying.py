"""Before each deployment: is this still what was built, and does somebody we trust say so?"""

from __future__ import annotations

from pathlib import Path

from holkas.delivery import envelope, provenance
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.publishing import signing_key
from holkas.model.artifact import Artifact
from holkas.roles.content import digest_of
from holkas.roles.errors import Corrupt, NotFound


def fetched(job: Job, artifact: Artifact) -> Path:
    """The content of an artifact, verified; fetched once a process, and looked at again after every check that ran.

    Raises Refused where anything is not as it was, and Retryable."""
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
        _signed(job, artifact)
    known = job.fetched.get(artifact.digest)
    if known is not None and (
        artifact.digest in job.verified or (known.exists() and digest_of(known) == artifact.digest)
    ):
        job.verified.add(artifact.digest)
        return known
    try:
        path = job.retried(lambda: repository.fetch(artifact, _fresh(job, artifact)))
    except Corrupt as error:
        raise Refused(f"{artifact.name} {artifact.version} was tampered with: {error}") from error
    except NotFound as error:
        raise Refused(f"the content of {artifact.name} {artifact.version} is gone: {error}") from error
    job.fetched[artifact.digest] = path
    job.verified.add(artifact.digest)
    return path


def _fresh(job: Job, artifact: Artifact) -> Path:
    return job.place.empty(f"fetched-{artifact.name.replace('/', '+')}-{artifact.digest[-12:]}")


def _signed(job: Job, artifact: Artifact) -> None:
    """Raise Refused unless a trusted key vouches for the artifact and the revision."""
    repository = job.tools.artifact_repository()
    trusted = [pem.encode() for pem in job.definition.signing.trusted]
    if not trusted and (key := signing_key(job)) is not None:
        trusted = [envelope.public_pem(key)]
    if "referrers" not in repository.capabilities:
        raise Refused("signatures are required, and the artifact repository keeps none")
    why = f"{artifact.name} {artifact.version} is not signed"
    for document in job.retried(lambda: repository.referrers(artifact, envelope.MEDIA_TYPE)):
        try:
            path = repository.fetch(document, _fresh(job, document))
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
