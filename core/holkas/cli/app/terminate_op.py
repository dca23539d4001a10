"""``holkas app terminate-op``: end a sync that goes on."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.app.session import target_option
from holkas.cli.errors import OK, CommandError


@click.command(name="terminate-op", short_help="End a sync that goes on.")
@click.argument("name")
@target_option
@click.pass_obj
def command(app: App, name: str, target: str) -> int:
    """End the sync of an Application that goes on or was cut short: its running hooks are deleted, all else stays.

    Exit code: 0 it is ended or will be at its next step, 2 nothing goes on.
    """
    from holkas.cli.app.session import session
    from holkas.cli.app.telling import teller

    with session(app, target=target, needs_target=True, told=teller()) as view:
        unit = view.one(name)
        if unit.book.operation is None:
            raise CommandError(f"no sync of {unit.name} goes on")
        unit.book.terminate()
        unit.go_on()  # where somebody else goes on with it, they end it
    return OK
