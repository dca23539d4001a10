"""Rollback: the last good release again, artifact and configuration; what was rolled back stays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.definition import ConfigurationRule, Stage
from holkas.delivery.delivery_state import artifact_data
from holkas.delivery_engine.configuring import files_of, secrets_of
from holkas.delivery_engine.deploying import bring
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.pulling import commit_release
from holkas.delivery_engine.verifying import fetched
from holkas.model.change import Outcome
from holkas.model.release import Configuration, Release
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError, Unsupported


def rollback_entry(
    row: Mapping[str, Any], by: str, reason: str, *, to: str = "", good: bool = False
) -> dict[str, Any] | None:
    """What is recorded of a rollback that begins; None where there is nothing to go back to.

    row: the environment's on the board. to: a version, a delivery's number or a release, empty for the good release
    before the present one. good: the last good one, even where it is the present one.
    """
    present = row["release"]
    for known in row["good"]:
        if to and to not in (known["version"], known["release"], str(known["delivery"])):
            continue
        same = present is not None and known["revision"] == present["revision"]
        if known["revision"] not in row["quarantine"] and (good or not same):
            gone = [present["revision"]] if present and not same else []
            return {"from": present, "to": known, "by": by, "reason": reason, "quarantined": gone}
    return None


def carry_out_rollback(job: Job, stage: Stage, rolling: Mapping[str, Any]) -> Outcome:
    """Bring back what the entry says; harmless when it is in place already. ``job`` is the delivery that made it.

    Raises Retryable and AccessDenied; the rollback then goes on with the next command.
    """
    target = rolling["to"]["release"]
    if stage.pull is None:
        agent = job.tools.agent(stage.agent)
        if "rollback" in agent.capabilities:
            try:
                outcome = job.retried(lambda: agent.rollback(stage.environment, target))
            except (NotFound, Unsupported):
                outcome = None  # it was not kept: it is put together again from what the ledger knows
            if outcome is not None:
                return outcome
    return _again(job, stage, target)


def _again(job: Job, stage: Stage, target: str) -> Outcome:
    """Deploy an earlier release as it was recorded: same digests, values and files; secrets as they are now."""
    recorded = next(
        (
            entry.data["configuration"]
            for entry in job.recorder.ledger.read(on.delivery_stream(job.definition.name, job.state.number))
            if entry.type == on.DEPLOYMENT_STARTED
            and entry.data["environment"] == stage.name
            and entry.data["release"] == target
        ),
        None,
    )
    if recorded is None:
        return Outcome(succeeded=False, message=f"release {target} is not in the ledger")
    try:
        release = Release(
            id=target,
            artifacts=job.state.artifacts,
            configuration=_configuration(job, stage.configuration, recorded),
            content={artifact.name: fetched(job, artifact) for artifact in job.state.artifacts},
            revision=job.state.revision,
        )
        if stage.pull is not None:
            return commit_release(job, stage, stage.pull, release, recorded)
        return bring(job, stage, release)
    except (Retryable, AccessDenied):
        raise
    except (Refused, ToolError) as error:
        return Outcome(succeeded=False, message=str(error))
    finally:
        job.place.remove()


def _configuration(job: Job, rule: ConfigurationRule, recorded: Mapping[str, Any]) -> Configuration:
    wanted = recorded["files"]
    files = files_of(job.tree, rule.files) if wanted else {}
    return Configuration(
        values=dict(recorded["values"]),
        files={path: files[path] for path in wanted if path in files},
        secrets=secrets_of(job, recorded["secrets"]),
    )


def finish_rollback(job: Job, stage: Stage, rolling: Mapping[str, Any], outcome: Outcome) -> None:
    """Note how it went, in the environment's stream."""
    job.recorder.note_elsewhere(
        on.environment_stream(job.definition.name, stage.name),
        on.ROLLBACK_FINISHED,
        environment=stage.name,
        succeeded=outcome.succeeded,
        message=outcome.message,
        summary=rolling["to"],
        by=rolling["by"],
        quarantined=list(rolling["quarantined"]),
        artifacts=[artifact_data(artifact) for artifact in job.state.artifacts],
    )
    job.recorder.commit()
