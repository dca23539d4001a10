"""Operations: what is done to an environment beside deliveries: backup, provisioning, rotation."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from holkas.delivery import event_types as on
from holkas.delivery import feedback
from holkas.delivery.board import board_key, operation_key
from holkas.delivery.definition import OperationRule, Stage
from holkas.delivery.variables import UnknownVariable, expand
from holkas.delivery_engine.pipelines import RunResult, carry_out, request_of
from holkas.model.run_request import RunRequest
from holkas.roles.errors import ToolError

if TYPE_CHECKING:
    from holkas.delivery_engine.project import ProjectDeliveries, Who


def operate(project: ProjectDeliveries, rule: OperationRule, stage: Stage, who: Who) -> bool:
    """Run an operation in an environment, alone with the project; whether it went well. Recorded before and after.

    One that a killed process began is not gone on with: nobody knows how far it came. It is noted as failed.
    """
    definition = project.definition
    stream = on.environment_stream(definition.name, stage.name)
    subject: dict[str, Any] = {
        "project": definition.name, "environment": stage.name, "operation": rule.name, "by": who.name,
        "account": who.account,
    }  # fmt: skip
    with project.locked():
        try:
            before = project.ledger.view(operation_key(definition.name, stage.name, rule.name)) or {}
            if before and before["finished"] is None:
                project.record(
                    stream, on.OPERATION_FINISHED, {**subject, "succeeded": False, "message": "cut off"}
                )
            project.record(stream, on.OPERATION_STARTED, subject)
            result = _result(project, rule, stage)
            done = {
                **subject,
                "succeeded": result.succeeded,
                "message": result.message,
                "log": list(result.log),
            }
            project.record(stream, on.OPERATION_FINISHED, {**done, "command": list(result.command)})
            was_failing = before.get("failing")
            if result.succeeded == bool(was_failing):
                identity = f"{rule.name}/{was_failing or project.ledger.last_number(stream)}"
                notice = feedback.operation_notice(
                    definition, stage.name, rule.name, identity, succeeded=result.succeeded, message=result.message,
                    log=result.log, command=result.command,
                )  # fmt: skip
                project.record(stream, on.NOTICE_DECIDED, notice)
        finally:
            project.tell()
    return result.succeeded


def _result(project: ProjectDeliveries, rule: OperationRule, stage: Stage) -> RunResult:
    try:
        return _by_pipeline(project, rule, stage) if rule.pipeline else _by_agent(project, rule, stage)
    except (ToolError, UnknownVariable) as error:
        return RunResult(run="", succeeded=False, message=str(error))


def _by_agent(project: ProjectDeliveries, rule: OperationRule, stage: Stage) -> RunResult:
    """``backup`` and ``provision`` are the role's own where the agent does not know them as operations."""
    agent, environment = project.tools.agent(stage.agent), stage.environment
    known = {"project": project.definition.name, "environment": stage.name}
    params = {name: expand(value, known) for name, value in rule.params.items()}
    if rule.name == "backup" and "backup" in agent.capabilities:
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(project.now()))
        directory = project.state_directory / "backups" / project.definition.name / stage.name / moment
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        outcome = agent.backup(environment, directory)
    elif rule.name == "provision" and "provision" in agent.capabilities:
        outcome = agent.provision(environment)
    else:
        outcome = agent.operate(environment, rule.name, params)
    return RunResult(run="", succeeded=outcome.succeeded, message=outcome.message)


def _by_pipeline(project: ProjectDeliveries, rule: OperationRule, stage: Stage) -> RunResult:
    """The pipeline of the sources that are in place there."""
    use = rule.pipeline
    assert use is not None
    row = project.ledger.view(board_key(project.definition.name, stage.name)) or {}
    if not row.get("release"):
        raise ToolError(f"nothing is deployed to {stage.name}")
    job = project.job(row["release"]["delivery"])
    try:
        control = project.tools.version_control()

        def request(again: bool) -> RunRequest:
            workspace = job.place.fresh_workspace(control, job.state.revision, f"operation-{rule.name}")
            name = f"{project.definition.name}-{stage.name}-{rule.name}"
            return request_of(use, project.tools, job.tree, workspace, job.variables(stage.name), name)

        return carry_out(project.tools.build_server(), request, "", lambda run: None, job.follow)
    finally:
        if job.state.outcome is not None:
            job.place.remove()
