"""``holkas appset``: the applications that ApplicationSets stand for."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "generate": ("appset_generate", "Print the Applications of ApplicationSets."),
    "diff": ("appset_diff", "Show what would become of Applications that are there."),
}
"""Name → (module under holkas.cli.app, one line of help)."""


class LazyApplicationSetGroup(click.Group):
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


@click.group(name="appset", cls=LazyApplicationSetGroup, short_help="Work with Argo CD's ApplicationSets.")
def command() -> None:
    """See which Applications an ApplicationSet makes, with no server and no cluster."""
