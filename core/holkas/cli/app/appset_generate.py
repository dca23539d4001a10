"""``holkas appset generate``: the Applications that ApplicationSets stand for."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.app.appset_inputs import generated, set_options
from holkas.cli.errors import OK


@click.command(name="generate", short_help="Print the Applications of ApplicationSets.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(("yaml", "json", "name")),
    default="yaml",
    help="What to print.",
)
@set_options
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    form: str,
    repositories: tuple[str, ...],
    allow_network: bool,
    old_globbing: bool,
) -> int:
    """Print the Applications that the ApplicationSets in FILE make.

    What the sets refer to is taken from the same files: cluster Secrets, ConfigMaps, decision resources. Repositories
    are fetched by plugins, or are directories given with --repo. The order of a RollingSync is told on standard error.

    Exit code: 0 made, 1 a set is wrong, 2 wrong usage.
    """
    _, sets = generated(app, files, repositories, network=allow_network, old_globbing=old_globbing)
    applications = [one for made in sets for one in made.applications]
    if form == "json":
        import json

        click.echo(
            json.dumps(
                {"apiVersion": "v1", "kind": "List", "items": applications}, indent=2, ensure_ascii=False
            )
        )
    elif form == "name":
        for one in applications:
            click.echo(one["metadata"]["name"])
    else:
        from holkas.yaml import dump_all

        click.echo(dump_all(applications), nl=False)
    for made in sets:
        for number, names in enumerate(made.steps, 1):
            click.echo(f"{made.name}: step {number}: {', '.join(names) or 'nothing'}", err=True)
        selected = {name for names in made.steps for name in names}
        left = [
            one["metadata"]["name"] for one in made.applications if one["metadata"]["name"] not in selected
        ]
        if made.steps and left:
            click.echo(f"{made.name}: in no step, so never synced by the set: {', '.join(left)}", err=True)
    return OK
