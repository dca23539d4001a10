"""Between the HTTP side of ``holkas listen`` and its queue: what becomes of one event.

Source of the answers: Tekton Triggers, pkg/sink/sink.go (Response) and docs/eventlisteners.md, "Understanding
EventListener response". The sender is told that the event has come, not what it starts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from holkas.cli.event_runs import errors
from holkas.cli.event_server import Answer, Posted
from holkas.cli.render.printable import printable
from holkas.extensions.trigger import IncomingEvent, Outcome, Rendered, TriggerError

if TYPE_CHECKING:
    from holkas.cli.event_runs import EventRuns
    from holkas.cli.run_queue import RunQueue
    from holkas.model.run_request import RunRequest

_LONGEST = 300
"""Characters of a log line's text: reasons may name what an event holds."""


def log_line(text: str) -> str:
    """A line of the log: the time, and text without anything that a terminal or a reader of lines would obey."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} {printable(text.replace(chr(10), ' '))[:_LONGEST]}\n"


class EventIntake:
    """Takes events of one listener. Safe for threads. ``say``: a line for the log; bodies never reach it."""

    def __init__(
        self, runs: EventRuns, work: RunQueue, say: Callable[[str], None], *, listener: str = ""
    ) -> None:
        self._runs = runs
        self._work = work
        self._say = say
        self._listener = listener or next(iter(runs.receiver.listeners), "")
        self._uid = str(uuid.uuid4())

    def take(self, posted: Posted) -> Answer:
        """Render an event and queue what it starts."""
        event = IncomingEvent(id=str(uuid.uuid4()), body=posted.body, headers=posted.headers, url=posted.url)
        try:
            rendering = self._runs.receiver.render(event, listener=self._listener)
        except TriggerError as error:
            status = HTTPStatus.BAD_REQUEST if error.refused else HTTPStatus.INTERNAL_SERVER_ERROR
            return Answer(status, self.refusal(str(error)))
        requests = [request for one in rendering.triggers for request in self._requests(one, event.id)]
        if requests and not self._work.put(requests):
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, self.refusal("too many runs wait already"))
        answer = {
            "eventListener": rendering.listener,
            "namespace": rendering.namespace,
            "eventListenerUID": self._uid,
            "eventID": event.id,
        }
        return Answer(HTTPStatus.ACCEPTED, answer)

    def refusal(self, message: str) -> dict[str, Any]:
        """The body of an answer to what is turned away."""
        return {
            "eventListener": self._listener,
            "namespace": "default",
            "eventListenerUID": self._uid,
            "errorMessage": message,
        }

    def _requests(self, rendered: Rendered, event_id: str) -> list[RunRequest]:
        where = f"event={event_id} trigger={rendered.trigger}"
        if rendered.outcome is not Outcome.STARTS:
            self._say(f"{where} {rendered.outcome.value}: {rendered.reason}")
            return []
        loaded = self._runs.load(rendered)
        if wrong := errors(loaded):
            self._say(f"{where} failed: the manifest is refused: {wrong[0]}")
            return []
        requests = self._runs.requests(rendered, loaded)
        names = ", ".join(request.run.name for request in requests)
        self._say(f"{where} starts {names or 'no run'}")
        return requests
