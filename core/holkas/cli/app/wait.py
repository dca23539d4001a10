"""``holkas app wait``: until Applications stand as somebody wants."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.app.session import (
    health_option,
    revision_option,
    selector_option,
    target_option,
    timeout_option,
)
from holkas.cli.errors import OK, TIMEOUT

if TYPE_CHECKING:
    from holkas.reconciler.unit import Unit

_LOOK = 0.5
"""Seconds between two looks."""


@click.command(name="wait", short_help="Wait until Applications are synced and healthy.")
@click.argument("names", nargs=-1, metavar="[NAME …]")
@click.option("--all", "everything", is_flag=True, help="Every Application of this repository.")
@selector_option
@click.option("--sync", is_flag=True, help="Wait for Synced.")
@click.option("--health", is_flag=True, help="Wait for Healthy.")
@click.option("--suspended", is_flag=True, help="Wait for Suspended.")
@click.option("--degraded", is_flag=True, help="Wait for Degraded.")
@click.option("--operation", is_flag=True, help="Wait for the end of a sync that goes on.")
@timeout_option
@revision_option
@target_option
@health_option
@click.pass_obj
def command(
    app: App,
    names: tuple[str, ...],
    everything: bool,
    selector: str,
    sync: bool,
    health: bool,
    suspended: bool,
    degraded: bool,
    operation: bool,
    timeout: float,
    revision: str,
    target: str,
    health_checks: str,
) -> int:
    """Wait until every named Application is synced and healthy and no sync goes on, or until what the options say.

    It only looks; `holkas app sync` and `holkas app watch` act.

    Exit code: 0 it is so, 2 wrong usage, 124 the time was over.
    """
    from holkas.cli.app.session import session

    if not (sync or health or suspended or degraded or operation):
        sync = health = operation = True
    healths = {
        word
        for word, wanted in (("Healthy", health), ("Suspended", suspended), ("Degraded", degraded))
        if wanted
    }
    deadline = time.monotonic() + timeout if timeout else None
    with session(app, target=target, revision=revision, health=health_checks, needs_target=True) as view:
        units = view.chosen(names, everything=everything, selector=selector)

        def lacks(unit: Unit) -> str:
            unit.book.reload()
            unit.view.refresh()
            status = unit.compare()
            if operation and unit.book.operation is not None:
                return f"sync {unit.book.operation.id} goes on"
            if sync and str(status.sync) != "Synced":
                return str(status.sync)
            return str(status.health) if healths and str(status.health) not in healths else ""

        while lacking := {unit.name: told for unit in units if (told := lacks(unit))}:
            if deadline is not None and time.monotonic() >= deadline:
                for name, told in lacking.items():
                    click.echo(f"{name}: {told}", err=True)
                return TIMEOUT
            time.sleep(_LOOK)
    return OK
