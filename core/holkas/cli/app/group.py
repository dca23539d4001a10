"""``holkas app``: what can be done with Applications. A subcommand is imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "render": ("render", "Print the resources that Applications consist of."),
    "diff": ("diff", "Compare what two revisions make of Applications."),
}
"""Name → (module under holkas.cli.app, one line of help)."""


class LazyApplicationGroup(click.Group):
    """Subcommands by name; the module behind one is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of the help."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name."""
        entry = SUBCOMMANDS.get(cmd_name)
        if entry is None:
            return None
        found = import_module(f"holkas.cli.app.{entry[0]}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines, so that nothing has to be imported for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in SUBCOMMANDS.items()])


@click.group(name="app", cls=LazyApplicationGroup, short_help="Work with Argo CD's Applications.")
def command() -> None:
    """Read, render and compare Argo CD's Applications, with no server and no cluster."""
