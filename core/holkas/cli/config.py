"""``holkas config``: the configuration as it counts, and where each value comes from."""

from __future__ import annotations

import json

import click

from holkas.cli.app import App


@click.group(name="config", short_help="Show the configuration and where each value comes from.")
def command() -> None:
    """Look at the configuration."""


@command.command()
@click.option("--origin", is_flag=True, help="Also say where each value comes from.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml", "name"]),
    default="table",
    help="Form of the list.",
)
@click.pass_obj
def show(app: App, origin: bool, output: str) -> int:
    """Show every setting with the value that counts."""
    from holkas.cli.render.table import Column, emit

    items = [
        {"name": key, "value": entry.value, "origin": str(entry.origin), "layer": entry.origin.layer}
        for key, entry in app.config
    ]
    columns: list[Column] = [
        ("setting", lambda item: item["name"]),
        ("value", lambda item: _text(item["value"])),
    ]
    if origin:
        columns.append(("origin", lambda item: item["origin"]))
    emit(items, columns, output, kind="SettingList")
    return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
