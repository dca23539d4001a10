"""``holkas app``: what can be done with Applications. A subcommand is imported when it is called."""

from __future__ import annotations

import click

from holkas.cli.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "list": ("app.list", "List the Applications of this repository."),
    "get": ("app.get", "Show one Application."),
    "render": ("app.render", "Print the resources that Applications consist of."),
    "diff": ("app.diff", "Compare revisions of Applications, or what is live."),
    "sync": ("app.sync", "Bring Applications into their desired state."),
    "wait": ("app.wait", "Wait until Applications are synced and healthy."),
    "history": ("app.history", "List the successful syncs of an Application."),
    "rollback": ("app.rollback", "Go back to an earlier state of an Application."),
    "resources": ("app.resources", "List the resources of an Application."),
    "health": ("app.health", "Judge the health of manifests with a status."),
    "graph": ("app.graph", "Show which Application waits for which."),
    "delete": ("app.delete", "Delete the resources of an Application."),
    "terminate-op": ("app.terminate_op", "End a sync that goes on."),
    "watch": ("app.watch", "Keep Applications in their desired state."),
}
"""Name → (module under holkas.cli, one line of help)."""


@click.group(name="app", cls=LazyGroup, table=SUBCOMMANDS, short_help="Work with Argo CD's Applications.")
def command() -> None:
    """Read, render, compare, sync and heal Argo CD's Applications, with no server and no cluster."""
