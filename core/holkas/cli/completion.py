"""``holkas completion``: the script that makes a shell complete our words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from holkas.cli.errors import CommandError


@click.command(name="completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script: ``source <(holkas completion bash)``."""
    kind = get_completion_class(shell)
    if kind is None:
        raise CommandError(f"no completion for {shell}")
    root = ctx.find_root().command
    click.echo(kind(root, {}, "holkas", "_HOLKAS_COMPLETE").source())
    return 0
