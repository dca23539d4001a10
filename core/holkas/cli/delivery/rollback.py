"""``holkas rollback``: the previous good release again."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, somebody
from holkas.cli.errors import FAILED, OK
from holkas.cli.render.progress import MODES


@click.command(name="rollback", short_help="Bring back the previous good release of an environment.")
@click.argument("environment", metavar="ENV")
@click.option(
    "--to",
    default="",
    metavar="VERSION",
    help="A version, release or delivery; the previous good one by default.",
)
@click.option("-m", "--reason", default="", metavar="TEXT", help="Why, for the records.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@as_option
@click.pass_obj
def command(app: App, environment: str, to: str, reason: str, progress: str | None, who: str | None) -> int:
    """Bring back the release that was good in ENV before the present one: artifact and configuration.

    The revision that is rolled back is in quarantine: nothing brings it into ENV, or an environment behind it, until
    somebody promotes it. Exit code: 0 it is back, 1 it is not.
    """
    with deliveries(app, progress or "") as project:
        done = project.rollback(environment, somebody(app, who), to=to, reason=reason)
        row = project.ledger.view(f"board/{project.definition.name}/{environment}")
        click.echo(
            f"{environment}: {row['release']['version'] if row['release'] else 'nothing'} ({row['health']})"
        )
        return OK if done else FAILED
