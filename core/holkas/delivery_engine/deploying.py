"""Deployments: the same digest with an environment's own configuration, by push or by pull."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.acts import Deploy
from holkas.delivery.definition import Stage
from holkas.delivery.delivery_state import artifact_data
from holkas.delivery.releases import configuration_data, release_id
from holkas.delivery.variables import UnknownVariable, short
from holkas.delivery_engine.configuring import configuration_of
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.places import ledger_key
from holkas.delivery_engine.pulling import commit_release
from holkas.delivery_engine.verifying import fetched
from holkas.model.change import Outcome
from holkas.model.release import Release
from holkas.roles.errors import AccessDenied, Conflict, Retryable, ToolError


def deploy(job: Job, act: Deploy) -> None:
    """Bring the release into the environment and note how it went.

    Raises Retryable and AccessDenied, which end no delivery: it goes on here the next time.
    """
    stage, recorder = act.stage, job.recorder
    common = {"environment": stage.name, "delivery": job.state.number}
    try:
        release, recorded = _release(job, stage)
    except Refused as error:
        recorder.note(on.DEPLOYMENT_REFUSED, environment=stage.name, message=str(error))
        return
    except (Retryable, AccessDenied):
        raise
    except (ToolError, UnknownVariable) as error:
        recorder.note(
            on.DEPLOYMENT_FINISHED, environment=stage.name, succeeded=False, message=str(error), release=""
        )
        return
    row = job.recorder.ledger.view(f"board/{job.definition.name}/{stage.name}") or {}
    previous = (row.get("release") or {}).get("release", "")
    if not act.again or job.state.at(stage.name).release != release.id:
        recorder.note(
            on.DEPLOYMENT_STARTED, environment=stage.name, release=release.id, previous=previous,
            artifacts=job.state.digests, configuration=recorded,
        )  # fmt: skip
    recorder.commit()
    outcome = _bring(job, stage, release, recorded)
    recorder.note(
        on.DEPLOYMENT_FINISHED,
        **{key: value for key, value in common.items() if key != "delivery"},
        release=release.id,
        previous=previous,
        succeeded=outcome.succeeded,
        changed=bool(outcome.changes),
        message=outcome.message,
        changes=[f"{change.kind} {change.subject}" for change in outcome.changes[:50]],
        artifacts=[artifact_data(artifact) for artifact in job.state.artifacts],
        summary=summary_of(job, release.id),
    )


def summary_of(job: Job, release: str) -> dict[str, Any]:
    """A release in an environment's row of the board."""
    state = job.state
    versions = dict.fromkeys(state.versions.values())
    return {
        "release": release,
        "delivery": state.number,
        "revision": state.revision.id,
        "version": ", ".join(versions) or short(state.revision.id),
        "author": state.revision.author.name,
        "by": state.by,
    }


def _release(job: Job, stage: Stage) -> tuple[Release, Mapping[str, Any]]:
    content = {}
    if stage.pull is None or job.definition.signing.required:
        content = {artifact.name: fetched(job, artifact) for artifact in job.state.artifacts}
    configuration = configuration_of(job, stage.configuration, stage.name)
    recorded = configuration_data(configuration, stage.configuration.secrets, _key(job, stage))
    release = Release(
        id=release_id(job.state.artifacts, recorded),
        artifacts=job.state.artifacts,
        configuration=configuration,
        content=content,
        revision=job.state.revision,
    )
    return release, recorded


def _key(job: Job, stage: Stage) -> bytes:
    return ledger_key(job.state_directory) if stage.configuration.secrets else b""


def _bring(job: Job, stage: Stage, release: Release, recorded: Mapping[str, Any]) -> Outcome:
    if stage.pull is not None:
        return commit_release(job, stage, stage.pull, release, recorded)
    return bring(job, stage, release)


def bring(job: Job, stage: Stage, release: Release) -> Outcome:
    """Plan and apply; an environment that changed in between is planned for once more."""
    try:
        agent = job.tools.agent(stage.agent)
        plan = job.retried(lambda: agent.plan(stage.environment, release))
        try:
            return job.retried(lambda: agent.apply(plan))
        except Conflict:
            plan = job.retried(lambda: agent.plan(stage.environment, release))
            return job.retried(lambda: agent.apply(plan))
    except (Retryable, AccessDenied):
        raise
    except ToolError as error:
        return Outcome(succeeded=False, message=str(error))
