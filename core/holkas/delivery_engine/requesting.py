"""Deliveries are asked for: a number for each revision, the one that it has where it has one."""

from __future__ import annotations

from holkas.delivery import board
from holkas.delivery import event_types as on
from holkas.delivery.delivery_state import revision_data
from holkas.delivery_engine.asking import Who
from holkas.delivery_engine.project_book import ProjectBook
from holkas.model.revision import Revision
from holkas.state.ledger import LedgerConflict


def request(book: ProjectBook, revision: Revision, who: Who, *, reason: str, directory: str) -> int:
    """The number of the revision's delivery; a new one where it has none. Two requests at once make one."""
    project, stages = book.project, book.definition.stages
    while True:
        known = book.ledger.view(board.revision_key(project, revision.id))
        if known:
            return int(known["delivery"])
        row = book.ledger.view(board.project_key(project)) or {}
        number = int(row.get("last", 0)) + 1
        stream = on.delivery_stream(project, number)
        data = {
            "project": project,
            "delivery": number,
            "revision": revision_data(revision),
            "by": who.name,
            "account": who.account,
            "reason": reason,
            "directory": directory,
            "environments": [stage.name for stage in stages],
            "gates": {stage.name: stage.environment.gate.kind.value for stage in stages},
        }
        try:
            book.write(stream, on.REQUESTED, data, {stream: 0})
        except LedgerConflict:
            continue  # somebody else has requested a delivery; perhaps of this revision
        return number
