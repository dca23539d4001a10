"""``holkas app list``: the Applications of a repository and how they stand."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.app.session import local_option, revision_option, selector_option, target_option
from holkas.cli.errors import OK
from holkas.cli.render.table import OUTPUTS


@click.command(name="list", short_help="List the Applications of this repository.")
@click.option("-p", "--project", default="", metavar="NAME", help="Only those of this project.")
@selector_option
@revision_option
@local_option
@target_option
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def command(
    app: App, project: str, selector: str, revision: str, local: bool, target: str, output: str
) -> int:
    """List every Application that is declared here, those that others bring along included.

    Status and health are those of the live target, where there is one.
    """
    from holkas.cli.app.described import LIST_COLUMNS, application_item
    from holkas.cli.app.session import session
    from holkas.cli.render.table import emit

    with session(app, target=target, revision=revision, local=local) as view:
        units = view.chosen((), selector=selector, project=project)
        items = [application_item(view, unit) for unit in units]
    if not items and output == "table":
        click.echo("there is no Application in this repository", err=True)
        return OK
    emit(items, LIST_COLUMNS, output, kind="ApplicationList")
    return OK
