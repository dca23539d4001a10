"""The rollbacks of a project: one begins with an entry, and whoever comes next ends those that were cut off."""

from __future__ import annotations

from collections.abc import Callable

from holkas.delivery import board
from holkas.delivery import event_types as on
from holkas.delivery.delivery_state import Outcome
from holkas.delivery_engine.asking import Denied, Who
from holkas.delivery_engine.job import Job
from holkas.delivery_engine.project_book import ProjectBook
from holkas.delivery_engine.rolling_back import carry_out_rollback, finish_rollback, rollback_entry


def begin_rollback(book: ProjectBook, environment: str, who: Who, to: str, reason: str) -> None:
    """Record a rollback, and the end of deliveries that it keeps out. Raises Denied."""
    project = book.project
    row = board.environment_row(book.ledger.view, project, environment) or board.new_row(environment)
    entry = rollback_entry(row, who.name, reason, to=to)
    if entry is None:
        raise Denied(
            f"{environment} has no earlier good release" + (f" {to}" if to else ""),
            "holkas history shows all",
        )
    data = {"project": project, "environment": environment, "account": who.account, **entry}
    entries = [book.new(on.environment_stream(project, environment), on.ROLLBACK_STARTED, data)]
    for number in book.going():
        state = book.delivery(number)
        if state.revision.id in entry["quarantined"]:
            ended = {
                "project": project, "delivery": number, "outcome": Outcome.QUARANTINED.value, "stage": environment,
                "message": f"{who.name} rolled {environment} back",
            }  # fmt: skip
            entries.append(book.new(on.delivery_stream(project, number), on.FINISHED, ended))
    book.write_all(entries)


def finish_rollbacks(book: ProjectBook, job: Callable[[int], Job]) -> bool:
    """Carry out rollbacks that were recorded and have not ended; whether all went well."""
    well = True
    for _, row in book.ledger.views(board.board_key(book.project, "")):
        stage = book.definition.stage(row["environment"])
        if stage is not None and row["rolling"]:
            doing = job(row["rolling"]["to"]["delivery"])
            outcome = carry_out_rollback(doing, stage, row["rolling"])
            finish_rollback(doing, stage, row["rolling"], outcome)
            well = well and outcome.succeeded
    return well
