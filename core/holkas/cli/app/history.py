"""``holkas app history``: the successful syncs of an Application."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.errors import OK
from holkas.cli.render.table import OUTPUTS


@click.command(name="history", short_help="List the successful syncs of an Application.")
@click.argument("name")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def command(app: App, name: str, output: str) -> int:
    """List what an Application was synced to and when; `holkas app rollback` goes back to an entry."""
    from datetime import UTC, datetime

    from holkas.cli.app.session import recorded_book
    from holkas.cli.render.table import emit

    with recorded_book(app, name) as book:
        hold = book.view["hold"]
        items = [
            {
                "name": str(form["id"]),
                "id": form["id"],
                "deployedAt": datetime.fromtimestamp(form["deployed_at"], UTC).isoformat(timespec="seconds"),
                "revisions": form["revisions"],
                "by": form["by"],
                "held": hold is not None and hold["id"] == form["id"],
            }
            for form in book.view["history"]
        ]
    emit(
        items,
        [
            ("id", lambda item: item["id"]),
            ("date", lambda item: item["deployedAt"]),
            ("revision", lambda item: ", ".join(one[:12] for one in item["revisions"])),
            ("by", lambda item: item["by"] or "automatic"),
            ("kept", lambda item: "yes" if item["held"] else "-"),
        ],
        output,
        kind="HistoryList",
    )
    return OK
