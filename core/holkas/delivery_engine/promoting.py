"""Deliveries go on where they ended, and what is good in one environment moves on to the next."""

from __future__ import annotations

from typing import Any

from holkas.delivery import board, gates
from holkas.delivery import event_types as on
from holkas.delivery.delivery_state import Outcome
from holkas.delivery_engine.asking import Denied, Who
from holkas.delivery_engine.gate_keeping import GateKeeper
from holkas.delivery_engine.project_book import ProjectBook
from holkas.model.environment import GateKind


def reopen(book: ProjectBook, number: int, who: Who, *, environment: str = "") -> None:
    """Let a delivery that has ended go on where it ended. Raises Denied for one that has succeeded.

    environment: what it is to go into again, its quarantine there lifted.
    """
    project, stages = book.project, book.definition.stages
    state = book.delivery(number)
    entries = []
    place = book.definition.index(environment) if environment else -1
    for stage in stages[: place + 1]:
        if state.revision.id in book.row(stage.name).get("quarantine", ()):
            data = {
                "project": project, "environment": stage.name, "revision": state.revision.id, "by": who.name,
                "account": who.account,
            }  # fmt: skip
            entries.append(book.new(on.environment_stream(project, stage.name), on.QUARANTINE_LIFTED, data))
    if state.outcome is None and not entries:
        return
    if state.outcome is Outcome.SUCCEEDED and not environment:
        raise Denied(
            f"delivery {number} has succeeded", "holkas promote ENV brings it back into an environment"
        )
    names = [stage.name for stage in stages]
    again = names[place:] if environment else []
    passed = [name for name in names if state.at(name).passed is not None and name not in again]
    reopened: dict[str, Any] = {
        "project": project,
        "delivery": number,
        "by": who.name,
        "account": who.account,
        "again": again,
        "open": {
            "delivery": number, "published": bool(state.artifacts), "place": len(passed), "inside": False,
            "environments": names,
        },
    }  # fmt: skip
    entries.append(book.new(on.delivery_stream(project, number), on.REOPENED, reopened))
    book.write_all(entries)


def promote(book: ProjectBook, keeper: GateKeeper, environment: str, who: Who, *, number: int = 0) -> int:
    """Move what is good in the environment before into this one; its delivery's number. Raises Denied."""
    stage, place = book.stage(environment), book.definition.index(environment)
    number = number or book.waiting(environment) or (_good_before(book, place) if place else 0)
    if not number:
        raise Denied(f"there is nothing to promote to {environment}")
    state = book.delivery(number)
    before = book.definition.stages[place - 1].name if place else ""
    if before and state.at(before).passed is None:
        raise Denied(f"delivery {number} has not passed {before}")
    gate = stage.environment.gate
    if gate.kind is GateKind.MANUAL and not gates.may_approve(gate, who.name):
        why = gates.refusal(stage, state, who.name) or "may not approve"
        keeper.refuse(state, environment, who, why, "promote")
    row = book.row(environment)
    present = (row.get("release") or {}).get("delivery")
    if state.outcome is not None and not (present == number and row.get("health") == "Healthy"):
        reopen(book, number, who, environment=environment)
    if gate.kind is GateKind.MANUAL and book.delivery(number).outcome is None:
        keeper.approve_ahead(number, environment, who)
    return number


def _good_before(book: ProjectBook, place: int) -> int:
    good = book.ledger.view(board.good_key(book.project, book.definition.stages[place - 1].name))
    return int(good[0]["delivery"]) if good else 0
