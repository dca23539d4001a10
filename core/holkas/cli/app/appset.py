"""``holkas appset``: the applications that ApplicationSets stand for."""

from __future__ import annotations

import click

from holkas.cli.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "generate": ("app.appset_generate", "Print the Applications of ApplicationSets."),
    "diff": ("app.appset_diff", "Show what would become of Applications that are there."),
}
"""Name → (module under holkas.cli, one line of help)."""


@click.group(
    name="appset", cls=LazyGroup, table=SUBCOMMANDS, short_help="Work with Argo CD's ApplicationSets."
)
def command() -> None:
    """See which Applications an ApplicationSet makes, with no server and no cluster."""
