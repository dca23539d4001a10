"""Checks: pipelines before and after a deployment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.acts import RunCheck
from holkas.delivery.definition import PipelineUse
from holkas.delivery.variables import UnknownVariable
from holkas.delivery_engine.job import Job
from holkas.delivery_engine.pipelines import carry_out, request_of
from holkas.roles.errors import AccessDenied, Retryable, ToolError


def run_check(job: Job, act: RunCheck) -> None:
    """Run the pipeline and note how it ended. Raises Retryable and AccessDenied, which end no delivery."""
    stage, check, recorder = act.stage, act.check, job.recorder
    subject: dict[str, Any] = {"environment": stage.name, "phase": act.phase, "check": check.name}
    if not act.again:
        recorder.note(on.CHECK_STARTED, **subject)
    recorder.commit()
    job.verified.clear()
    try:
        variables = job.variables(stage.name) | _of_environment(job, act)
        name = f"{job.definition.name}-{job.state.number}-{stage.name}-{check.name}"
        result = carry_out(
            job.tools.build_server(),
            lambda again: request_of(check, job.tools, job.tree, _workspace(job, check), variables, name),
            "",
            lambda run: None,
            job.follow,
        )
    except (Retryable, AccessDenied):
        raise
    except (ToolError, UnknownVariable) as error:
        recorder.note(
            on.CHECK_FINISHED, **subject, succeeded=False, run="", message=f"{check.name}: {error}", log=[]
        )
        return
    message = "" if result.succeeded else f"{check.name}: {result.message}"
    recorder.note(
        on.CHECK_FINISHED, **subject, succeeded=result.succeeded, run=result.run, message=message,
        log=list(result.log), command=list(result.command),
    )  # fmt: skip


def _workspace(job: Job, check: PipelineUse) -> Path:
    """Sources of its own, so that no check changes what is deployed next."""
    if check.job:
        return job.place.path
    control = job.tools.version_control()
    return job.retried(lambda: job.place.fresh_workspace(control, job.state.revision, "check"))


def _of_environment(job: Job, act: RunCheck) -> dict[str, str]:
    """``$(environment.address)``: where what runs there is to be reached."""
    uses = any("$(environment.address)" in value for value in act.check.params.values())
    if not uses or act.stage.pull is not None:
        return {}
    agent = job.tools.agent(act.stage.agent)
    addresses = job.retried(lambda: agent.check(act.stage.environment)).addresses
    return {"environment.address": addresses[0]} if addresses else {}
