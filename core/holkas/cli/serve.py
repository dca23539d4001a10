"""``holkas serve``: deliveries and operations that begin by themselves."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, somebody
from holkas.cli.errors import OK

_LOOK = 1.0
"""Seconds between two rounds."""


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

    A holkas.yaml that changes is read again: a good one counts from then on, of a bad one it is said why, and the one
    before stays. Webhooks of GitHub, GitLab, Gitea and Bitbucket are taken when their signature is right. Ends when it
    is sent SIGTERM or SIGINT, after what it is at; a second signal ends it at once, and the next one goes on where it
    was. Exit code: 0.
    """
    from holkas.cli.event_intake import log_line
    from holkas.cli.serve_project import ServedProject

    def say(text: str) -> None:
        sys.stderr.write(log_line(text))
        sys.stderr.flush()

    served = ServedProject(app, somebody(app, who), (host, port), public=public, say=say)
    try:
        if once:
            if served.project.definition.triggers.poll == 0:
                served.rounds.wake("once")
            served.rounds.step()
        else:
            until_signal(served.begin, served.step, say)
    finally:
        served.close()
    return OK


def until_signal(begin: Callable[[], None], step: Callable[[], None], say: Callable[[str], None]) -> None:
    """Begin, and do step after step until a signal; the second one interrupts."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in signals}
    try:
        begin()
        while not stop.is_set():
            step()
            stop.wait(_LOOK)
        say("stopped")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
