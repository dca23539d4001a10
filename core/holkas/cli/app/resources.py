"""``holkas app resources``: what an Application consists of."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.app.session import health_option, local_option, revision_option, target_option
from holkas.cli.errors import OK
from holkas.cli.render.table import OUTPUTS


@click.command(name="resources", short_help="List the resources of an Application.")
@click.argument("name")
@revision_option
@local_option
@target_option
@health_option
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def command(
    app: App, name: str, revision: str, local: bool, target: str, health_checks: str, output: str
) -> int:
    """List the resources of an Application with status and health, live ones that are no longer desired included."""
    from holkas.cli.app.described import RESOURCE_COLUMNS, resource_items
    from holkas.cli.app.session import session
    from holkas.cli.render.table import emit

    with session(app, target=target, revision=revision, local=local, health=health_checks) as view:
        items = resource_items(view, view.one(name))
    emit(items, RESOURCE_COLUMNS, output, kind="ResourceList")
    return OK
