"""Commands that plugins bring, found only when a name is not one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holkas.cli.app import App

if TYPE_CHECKING:
    import click


def plugin_command(app: App, name: str) -> click.Command | None:
    """The command of that name, or None."""
    for provider in app.manager.providers("commands"):
        if provider.name == name:
            command: click.Command = app.manager.make("commands", name)
            return command
    return None
