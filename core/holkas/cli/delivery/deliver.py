"""``holkas deliver``: a commit's way through the environments."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, ended, somebody
from holkas.cli.render.progress import MODES

if TYPE_CHECKING:
    from holkas.delivery.acts import Wait
    from holkas.delivery_engine.project import ProjectDeliveries

_LOOK = 0.5
"""Seconds between looks at a gate that is waited for."""


@click.command(name="deliver", short_help="Take a commit to production.")
@click.argument("revision", default="", metavar="[REVISION]")
@click.option(
    "--retry", is_flag=True, help="Let a delivery that failed, or was superseded, go on where it ended."
)
@click.option("--wait", is_flag=True, help="Do not end at a gate: wait until it is open.")
@click.option("--timeout", type=click.FloatRange(0), metavar="SECONDS", help="Longest time to wait at gates.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the records.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@as_option
@click.pass_obj
def command(
    app: App,
    revision: str,
    retry: bool,
    wait: bool,
    timeout: float | None,
    reason: str,
    progress: str | None,
    who: str | None,
) -> int:
    """Build REVISION once, and bring it into one environment after the other.

    REVISION is a branch, a tag or a commit; the project's branch by default. The same commit again does nothing new:
    a delivery that was cut off goes on where it was, one that has ended says how. What still waits of older
    deliveries goes on as well.

    Exit code: 0 it is everywhere, 1 it failed or was stopped, 3 it waits at a gate.
    """
    from holkas.delivery_engine.recorder import load

    with deliveries(app, progress or "") as project:
        definition = project.definition
        found = project.resolve(revision)
        number = project.request(found, somebody(app, who), reason)
        if retry:
            project.reopen(number, somebody(app, who))
        waits = project.drive(number)
        if wait:
            waits = _wait(project, number, waits, timeout)
        return ended(load(project.ledger, definition.name, number), waits)


def _wait(project: ProjectDeliveries, number: int, waits: Wait | None, timeout: float | None) -> Wait | None:
    """Look again and again, without holding the project."""
    deadline = None if timeout is None else time.monotonic() + timeout
    seen = project.ledger.last_seq()
    while waits is not None and (deadline is None or time.monotonic() < deadline):
        time.sleep(_LOOK)
        due = waits.until is not None and time.time() >= waits.until
        if due or project.ledger.last_seq() != seen:
            waits = project.drive(number)
            seen = project.ledger.last_seq()
    return waits
