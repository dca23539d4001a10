"""``holkas plugins new``: a plugin to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from holkas.plugins.template import ROLES


@click.command("new")
@click.argument("name")
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="What kind of tool it is; can be given several times.",
)
def command(name: str, directory: Path | None, roles: tuple[str, ...]) -> None:
    """Lay down a new plugin that passes its own tests.

    NAME is what the tool is called in holkas.yaml; the distribution is called holkas-NAME and is written into
    DIRECTORY, ./holkas-NAME without it. A secret store begins as one that reads a directory, every other role as
    one that keeps everything in memory.
    """
    from holkas.cli.errors import CommandError
    from holkas.plugins.template import bare_name, lay_down

    try:
        bare = bare_name(name)
    except ValueError as error:
        raise CommandError(str(error)) from None
    place = directory if directory is not None else Path(f"holkas-{bare}")
    try:
        files = lay_down(bare, roles, place)
    except FileExistsError as error:
        raise CommandError(str(error), hint="name another directory") from None
    for file in files:
        click.echo(str(place / file))
    click.echo(
        f"next: pip install -e {place}, then holkas plugins info {bare}, and python -m pytest in {place}",
        err=True,
    )
