"""Who may open a gate, and whether it is open."""

from __future__ import annotations

from holkas.delivery.definition import Stage
from holkas.delivery.delivery_state import DeliveryState
from holkas.model.environment import Gate, GateKind


def may_approve(gate: Gate, who: str) -> bool:
    """Whether somebody's approval counts."""
    return gate.kind is GateKind.MANUAL and (not gate.approvers or who in gate.approvers)


def approvals(stage: Stage, state: DeliveryState) -> tuple[str, ...]:
    """Whose approvals count, in the order in which they came. Approvers are judged as they are named now."""
    given = state.at(stage.name).approvals
    return tuple(who for who in given if may_approve(stage.environment.gate, who))


def missing(stage: Stage, state: DeliveryState) -> int:
    """How many approvals are missing."""
    gate = stage.environment.gate
    if gate.kind is GateKind.AUTOMATIC:
        return 0
    return max(0, gate.approvals - len(approvals(stage, state)))


def refusal(stage: Stage | None, state: DeliveryState, who: str) -> str:
    """Why somebody may not approve or reject a delivery in an environment now; empty when they may."""
    if stage is None:
        return "there is no such environment"
    gate, progress = stage.environment.gate, state.at(stage.name)
    if state.outcome is not None:
        return f"delivery {state.number} has ended: it {_ENDED.get(state.outcome, state.outcome)}"
    if gate.kind is GateKind.AUTOMATIC:
        return f"the gate of {stage.name} is automatic: nobody is asked"
    if progress.opened is not None:
        return f"delivery {state.number} is already through the gate of {stage.name}"
    if not may_approve(gate, who):
        return f"{who} is not one of the approvers of {stage.name} ({', '.join(gate.approvers)})"
    if progress.arrived is None:
        return f"delivery {state.number} has not come to {stage.name} yet"
    return ""


_ENDED = {"succeeded": "has succeeded", "quarantined": "is in quarantine", "failed": "has failed"} | {
    word: f"was {word}" for word in ("refused", "rejected", "superseded")
}
