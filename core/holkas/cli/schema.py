"""``holkas schema``: the JSON Schema of holkas.yaml, made from the live plugins."""

from __future__ import annotations

import json

import click

from holkas.cli.app import App


@click.command(name="schema", short_help="Print the JSON Schema of holkas.yaml, made from the live plugins.")
@click.pass_obj
def command(app: App) -> int:
    """Print the schema; point an editor at it: ``holkas schema > .holkas.schema.json``."""
    from holkas.config.json_schema import config_schema

    click.echo(json.dumps(config_schema(app.manager), indent=2))
    return 0
