"""Somebody presses the button, or must not: approvals and rejections, judged and recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from holkas.delivery import event_types as on
from holkas.delivery import feedback, gates
from holkas.delivery.delivery_state import DeliveryState
from holkas.delivery_engine.asking import Denied, Who
from holkas.delivery_engine.project_book import ProjectBook


class GateKeeper:
    """Decides about the gates of one project. ``tell`` brings notices that wait to people."""

    def __init__(self, book: ProjectBook, tell: Callable[[], None]) -> None:
        self._book, self._tell = book, tell

    def decide(self, kind: str, environment: str, who: Who, *, number: int, comment: str) -> int:
        """Record an approval or a rejection; the delivery's number. Raises Denied, which is recorded.

        number: 0 for the delivery that waits there.
        """
        book = self._book
        stage = book.stage(environment)
        number = number or book.waiting(environment)
        if not number:
            raise Denied(f"nothing waits before {environment}", "holkas status shows what waits where")
        state = book.delivery(number)
        refusal = gates.refusal(stage, state, who.name)
        if refusal:
            self.refuse(state, environment, who, refusal, kind)
        if kind != on.APPROVED or who.name not in state.at(environment).approvals:
            self._record(kind, number, environment, who, comment)
        return number

    def approve_ahead(self, number: int, environment: str, who: Who) -> None:
        """Record an approval of a delivery that does not wait there yet."""
        self._record(on.APPROVED, number, environment, who, "promoted")

    def refuse(self, state: DeliveryState, environment: str, who: Who, why: str, asked: str) -> NoReturn:
        """Record and tell that somebody wanted what they may not, and raise Denied."""
        book = self._book
        stream = on.delivery_stream(book.project, state.number)
        data = {**self._subject(state.number, environment, who), "message": why, "asked": asked}
        identity = f"{state.number}/{book.ledger.last_number(stream) + 1}"
        notice = feedback.refusal_notice(book.definition, state, environment, why, identity=identity)
        book.write_all(
            [
                book.new(stream, on.APPROVAL_REFUSED, data),
                book.new(stream, on.NOTICE_DECIDED, {"delivery": state.number, **notice}),
            ]
        )
        self._tell()
        raise Denied(why)

    def _record(self, kind: str, number: int, environment: str, who: Who, comment: str) -> None:
        data = {**self._subject(number, environment, who), "comment": comment}
        self._book.write(on.delivery_stream(self._book.project, number), kind, data)

    def _subject(self, number: int, environment: str, who: Who) -> dict[str, Any]:
        return {
            "project": self._book.project, "delivery": number, "environment": environment, "by": who.name,
            "account": who.account,
        }  # fmt: skip
