"""What becomes of the webhooks that ``holkas serve`` takes."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holkas.cli.event_server import Answer, Posted
    from holkas.delivery_engine.project import ProjectDeliveries
    from holkas.delivery_engine.rounds import Rounds
    from holkas.model.secret import Secret


def webhooks(project: ProjectDeliveries, rounds: Rounds, secret: Secret) -> Callable[[Posted], Answer]:
    """What becomes of a webhook. It is a hint and no more: what is delivered is the head, as the repository says."""
    from holkas.cli.event_server import Answer
    from holkas.model.repository_event import RepositoryEventKind
    from holkas.roles.errors import AccessDenied, ToolError

    control, branch = project.tools.version_control(), project.definition.branch

    def take(posted: Posted) -> Answer:
        headers = {name.lower(): value for name, value in posted.headers}
        try:
            event = control.receive(headers, posted.body, secret)
        except AccessDenied as error:
            return Answer(HTTPStatus.FORBIDDEN, refusal(str(error)))
        except ToolError as error:
            return Answer(HTTPStatus.BAD_REQUEST, refusal(str(error)))
        wanted = event is not None and event.kind is RepositoryEventKind.PUSH and bool(event.after)
        if event is None or not wanted or (branch and event.ref != branch):
            return Answer(
                HTTPStatus.OK, {"accepted": False, "message": "nothing is delivered because of this"}
            )
        rounds.wake(f"push to {event.ref}")
        return Answer(HTTPStatus.ACCEPTED, {"accepted": True, "eventID": event.id})

    return take


def refusal(message: str) -> dict[str, Any]:
    """The body of an answer that says no."""
    return {"accepted": False, "message": message}
