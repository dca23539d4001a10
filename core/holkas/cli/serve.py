"""``holkas serve``: deliveries and operations that begin by themselves."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, somebody
from holkas.cli.errors import OK, CommandError

if TYPE_CHECKING:
    from holkas.cli.event_server import Answer, EventServer, Posted
    from holkas.delivery_engine.project import ProjectDeliveries
    from holkas.delivery_engine.rounds import Rounds
    from holkas.model.secret import Secret

_LOOK = 1.0
"""Seconds between two rounds."""

_MAX_BODY = 25 << 20


@click.command(name="serve", short_help="Deliver by webhook, poll and schedule; run operations in time.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on for webhooks.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--public", is_flag=True, help="Allow an address that other machines reach.")
@click.option("--once", is_flag=True, help="One round, without webhooks: for a scheduler of your own.")
@as_option
@click.pass_obj
def command(app: App, host: str, port: int, public: bool, once: bool, who: str | None) -> int:
    """Wait for what ``triggers`` in holkas.yaml names, and deliver the branch's head each time; run operations by their
    schedules; go on with deliveries whose soak time or freeze is over.

    Webhooks of GitHub, GitLab, Gitea and Bitbucket are taken when their signature is right. Ends when it is sent
    SIGTERM or SIGINT, after what it is at; a second signal ends it at once, and the next one goes on where it was.
    Exit code: 0.
    """
    from holkas.cli.event_intake import log_line
    from holkas.delivery_engine.rounds import Rounds

    def say(text: str) -> None:
        sys.stderr.write(log_line(text))
        sys.stderr.flush()

    with deliveries(app, "quiet") as project:
        rounds = Rounds(project, somebody(app, who), say)
        if once:
            if project.definition.triggers.poll == 0:
                rounds.wake("once")
            rounds.step()
            return OK
        reference = project.definition.triggers.webhook
        server = _server(project, rounds, reference, (host, port), public, say) if reference else None
        try:
            until_signal(rounds, server, say)
        finally:
            if server is not None:
                server.shutdown()
                server.server_close()
    return OK


def until_signal(rounds: Rounds, server: EventServer | None, say: Callable[[str], None]) -> None:
    """Round after round until a signal; the second one interrupts."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in signals}
    try:
        if server is not None:
            threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="webhooks", daemon=True
            ).start()
            say(f"listening on {server.url}")
        else:
            say("serving, without webhooks")
        while not stop.is_set():
            rounds.step()
            stop.wait(_LOOK)
        say("stopped")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _server(
    project: ProjectDeliveries,
    rounds: Rounds,
    reference: str,
    address: tuple[str, int],
    public: bool,
    say: Callable[[str], None],
) -> EventServer:
    from holkas.cli.event_server import EventServer
    from holkas.cli.listen import is_loopback

    if not public and not is_loopback(address[0]):
        raise CommandError(
            f"{address[0]} is not an address of this machine alone",
            hint="--public lets other machines reach it",
        )
    path, _, key = reference.partition("#")
    secret = project.tools.secret_store().read(path, key or "value")
    try:
        return EventServer(address, webhooks(project, rounds, secret), _refusal, say, max_body=_MAX_BODY)
    except OSError as error:
        raise CommandError(f"{address[0]}:{address[1]}: {error.strerror or error}") from error


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
            return Answer(HTTPStatus.FORBIDDEN, _refusal(str(error)))
        except ToolError as error:
            return Answer(HTTPStatus.BAD_REQUEST, _refusal(str(error)))
        wanted = event is not None and event.kind is RepositoryEventKind.PUSH and bool(event.after)
        if event is None or not wanted or (branch and event.ref != branch):
            return Answer(
                HTTPStatus.OK, {"accepted": False, "message": "nothing is delivered because of this"}
            )
        rounds.wake(f"push to {event.ref}")
        return Answer(HTTPStatus.ACCEPTED, {"accepted": True, "eventID": event.id})

    return take


def _refusal(message: str) -> dict[str, Any]:
    return {"accepted": False, "message": message}
