"""``holkas app``: what can be done with Applications. A subcommand is imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "list": ("list", "List the Applications of this repository."),
    "get": ("get", "Show one Application."),
    "render": ("render", "Print the resources that Applications consist of."),
    "diff": ("diff", "Compare revisions of Applications, or what is live."),
    "sync": ("sync", "Bring Applications into their desired state."),
    "wait": ("wait", "Wait until Applications are synced and healthy."),
    "history": ("history", "List the successful syncs of an Application."),
    "rollback": ("rollback", "Go back to an earlier state of an Application."),
    "resources": ("resources", "List the resources of an Application."),
    "health": ("health", "Judge the health of manifests with a status."),
    "graph": ("graph", "Show which Application waits for which."),
    "terminate-op": ("terminate_op", "End a sync that goes on."),
    "watch": ("watch", "Keep Applications in their desired state."),
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
    """Read, render, compare, sync and heal Argo CD's Applications, with no server and no cluster."""
