"""``holkas promote``: what is good in one environment goes into the next."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, ended, somebody
from holkas.cli.render.progress import MODES


@click.command(name="promote", short_help="Move what is good in one environment into the next.")
@click.argument("environment", metavar="ENV")
@click.option(
    "-d",
    "--delivery",
    "number",
    type=click.IntRange(1),
    help="Which one; what waits, or is good one environment before.",
)
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@as_option
@click.pass_obj
def command(app: App, environment: str, number: int | None, progress: str | None, who: str | None) -> int:
    """Bring a delivery into ENV: the same artifact, never built again.

    It must have passed the environment before. At a manual gate this is an approval, so only approvers may. A delivery
    that was superseded or rolled back comes back this way, and only this way. Exit codes as of ``holkas deliver``.
    """
    from holkas.delivery_engine.recorder import load

    with deliveries(app, progress or "") as project:
        try:
            found = project.promote(environment, somebody(app, who), number=number or 0)
        finally:
            project.tell()
        waits = project.drive(found)
        return ended(load(project.ledger, project.definition.name, found), waits)
