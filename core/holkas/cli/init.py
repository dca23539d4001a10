"""``holkas init``: a starting holkas.yaml."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import OK, CommandError

if TYPE_CHECKING:
    from holkas.cli.init_found import Found


@click.command(name="init", short_help="Write a starting holkas.yaml.")
@click.option(
    "--from",
    "origin",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    metavar="DIR",
    help="A repository with Tekton pipelines or Argo CD Applications; this directory by default.",
)
@click.option("--force", is_flag=True, help="Replace a holkas.yaml that is there.")
@click.pass_obj
def command(app: App, origin: Path | None, force: bool) -> int:
    """Write a commented holkas.yaml into this directory, with the pipelines and environments that are found.

    Pipelines become `pipeline`, and the places of Argo CD's Applications environments that pull. What is not there yet
    stands in it as usual values and in comments.
    """
    from holkas.cli.init_found import look
    from holkas.cli.init_text import starting_file
    from holkas.config.delivery_decoding import project_name

    path = app.directory / "holkas.yaml"
    if path.exists() and not force:
        raise CommandError(f"{path} is there already", hint="--force replaces it")
    importers = [app.manager.make("importers", one.name) for one in app.manager.providers("importers")]
    found = look(origin or app.directory, importers)
    _write(path, starting_file(project_name(app.directory), found))
    _tell(found)
    return OK


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)  # noqa: PTH105 - takes its place at once
    finally:
        unfinished.unlink(missing_ok=True)


def _tell(found: Found) -> None:
    from holkas.cli.render.printable import printable

    if found.pipelines:
        click.echo(printable(f"pipeline: {found.pipelines[0].file}"), err=True)
    if found.environments:
        names = ", ".join(one.name for one in found.environments)
        click.echo(printable(f"environments: {names}"), err=True)
    click.echo("holkas.yaml is written: look it through, commit, then holkas deliver", err=True)
