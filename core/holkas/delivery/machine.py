"""The state machine: what a delivery needs next, given what the project says and what has happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holkas.delivery import event_types as on
from holkas.delivery import gates
from holkas.delivery.acts import Act, Build, Deploy, Finish, Nothing, OpenGate, Pass, Publish, RunCheck, Wait
from holkas.delivery.definition import ProjectDefinition, Stage
from holkas.delivery.delivery_state import DeliveryState, EnvironmentProgress, Outcome
from holkas.delivery.freeze import frozen
from holkas.delivery.others import OpenDelivery, ahead, superseded_by
from holkas.delivery.spoken import spoken

Quarantine = Mapping[str, frozenset[str]]
"""Environment → ids of revisions that were rolled back there."""


def next_act(
    definition: ProjectDefinition,
    state: DeliveryState,
    *,
    now: float,
    others: Iterable[OpenDelivery] = (),
    quarantine: Quarantine | None = None,
) -> Act:
    """The one thing to do now. Deliveries go through the environments in order, one step after the other.

    now: seconds since the epoch. others: the project's other deliveries that have not ended. quarantine: revisions that
    nothing brings back by itself.
    """
    if state.outcome is not None:
        return Nothing()
    others = tuple(others)
    newer = superseded_by(definition, state.number, published=bool(state.artifacts), others=others)
    if newer:
        return Finish(outcome=Outcome.SUPERSEDED, stage=on.BUILD, message=f"delivery {newer} is newer")
    if state.built is False:
        return Finish(outcome=Outcome.FAILED, stage=on.BUILD, message=state.build_message)
    if state.built is None:
        return Build(attempt=state.builds if state.run else state.builds + 1, run=state.run)
    if not state.artifacts and definition.artifacts:
        return Publish()
    held: frozenset[str] = frozenset()
    for place, stage in enumerate(definition.stages):
        held |= (quarantine or {}).get(stage.name, frozenset())
        progress = state.at(stage.name)
        if progress.passed is None:
            if state.revision.id in held:
                return _quarantined(state, stage)
            return _in_environment(definition, state, place, progress, others, now)
    return Finish(outcome=Outcome.SUCCEEDED)


def _quarantined(state: DeliveryState, stage: Stage) -> Finish:
    message = f"revision {state.revision.id[:12]} was rolled back and stays out until somebody promotes it"
    return Finish(outcome=Outcome.QUARANTINED, stage=stage.name, message=message)


def _in_environment(
    definition: ProjectDefinition,
    state: DeliveryState,
    place: int,
    progress: EnvironmentProgress,
    others: tuple[OpenDelivery, ...],
    now: float,
) -> Act:
    stage = definition.stages[place]
    if progress.rejected and progress.started is None:
        message = f"{progress.rejected} rejected it"
        return Finish(outcome=Outcome.REJECTED, stage=stage.name, message=message)
    if progress.refused:
        return Finish(outcome=Outcome.REFUSED, stage=stage.name, message=progress.refused)
    if progress.failed:
        return Finish(outcome=Outcome.FAILED, stage=stage.name, message=progress.message)
    if progress.opened is None:
        return _before_the_gate(definition, state, place, others, now)
    for check in stage.before:
        if not (done := progress.checks.get(("before", check.name))):
            begun = ("before", check.name) in progress.checks
            return RunCheck(stage=stage, phase="before", check=check, again=begun and done is None)
    if progress.deployed is None:
        return Deploy(stage=stage, again=progress.started is not None)
    for check in stage.after:
        if not progress.checks.get(("after", check.name)):
            begun = ("after", check.name) in progress.checks
            return RunCheck(stage=stage, phase="after", check=check, again=begun)
    return Pass(stage=stage)


def _before_the_gate(
    definition: ProjectDefinition,
    state: DeliveryState,
    place: int,
    others: tuple[OpenDelivery, ...],
    now: float,
) -> Act:
    """Queue, approvals, soak and freeze, in this order: people are asked before the clock is."""
    stage = definition.stages[place]
    if older := ahead(definition, state.number, place, others):
        message = f"delivery {older} goes into {stage.name} first"
        return Wait(stage=stage, why="queue", message=message)
    if wanted := gates.missing(stage, state):
        gate = stage.environment.gate
        whose = f" of {', '.join(gate.approvers)}" if gate.approvers else ""
        message = f"{stage.name} waits for {wanted} approval{'s' if wanted > 1 else ''}{whose}"
        return Wait(stage=stage, why="approval", message=message)
    if stage.soak and place:
        before = definition.stages[place - 1].name
        since = state.at(before).passed
        until = (now if since is None else since) + stage.soak
        if now < until:
            message = f"{stage.name} waits until it has been good in {before} for {spoken(stage.soak)}"
            return Wait(stage=stage, why="soak", message=message, until=until)
    if frost := frozen(stage.freeze, now):
        reason = f": {frost.reason}" if frost.reason else ""
        return Wait(stage=stage, why="freeze", message=f"{stage.name} is frozen{reason}", until=frost.until)
    return OpenGate(stage=stage, by=gates.approvals(stage, state))
