"""``holkas approve``."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, ended, somebody
from holkas.cli.render.progress import MODES


@click.command(
    name="approve", short_help="Let a delivery through the gate of an environment, and go on with it."
)
@click.argument("environment", metavar="ENV")
@click.option(
    "-d", "--delivery", "number", type=click.IntRange(1), help="Which one; the one that waits by default."
)
@click.option("-m", "--comment", default="", metavar="TEXT", help="Why, for the records.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@as_option
@click.pass_obj
def command(
    app: App, environment: str, number: int | None, comment: str, progress: str | None, who: str | None
) -> int:
    """Let a delivery through the gate of an environment, and go on with it.

    Whoever may not is refused, and that is recorded. Exit codes as of ``holkas deliver``.
    """
    from holkas.delivery_engine.recorder import load

    with deliveries(app, progress or "") as project:
        try:
            found = project.approve(environment, somebody(app, who), number=number or 0, comment=comment)
        finally:
            project.tell()
        waits = project.drive(found)
        return ended(load(project.ledger, project.definition.name, found), waits)
