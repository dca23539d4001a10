"""``holkas app get``: one Application."""

from __future__ import annotations

from typing import Any

import click

from holkas.cli.app import App
from holkas.cli.app.session import health_option, local_option, revision_option, target_option
from holkas.cli.errors import OK
from holkas.cli.render.table import OUTPUTS


@click.command(name="get", short_help="Show one Application.")
@click.argument("name")
@revision_option
@local_option
@target_option
@health_option
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the answer.")
@click.pass_obj
def command(
    app: App, name: str, revision: str, local: bool, target: str, health_checks: str, output: str
) -> int:
    """Show an Application: where it comes from and goes to, how it stands, what is going on, and its resources."""
    from holkas.cli.app.described import application_item, resource_items
    from holkas.cli.app.session import session
    from holkas.cli.render.table import emit_one

    with session(app, target=target, revision=revision, local=local, health=health_checks) as view:
        unit = view.one(name)
        item = {**application_item(view, unit), "resources": resource_items(view, unit)}
    emit_one(item, output, kind="Application", text=_text)
    return OK


def _text(item: Any) -> str:
    from holkas.cli.app.described import RESOURCE_COLUMNS
    from holkas.cli.render.printable import printable
    from holkas.cli.render.table import table

    sources = "; ".join(
        f"{one['repository']} {one['path']} {one['revision']}".strip() for one in item["sources"]
    )
    rows = [
        ("Name", item["name"]),
        ("Project", item["project"]),
        ("Destination", f"{item['destination']} {item['namespace']}".strip()),
        ("Source", sources),
        ("Revision", ", ".join(one[:12] for one in item["revisions"])),
        ("Sync policy", item["policy"]),
        ("Depends on", ", ".join(item["dependsOn"])),
        ("Sync status", item["sync"]),
        ("Health", item["health"]),
    ]
    if item["operation"] is not None:
        rows.append(
            ("Going on", f"sync {item['operation']['id']}, attempt {item['operation']['attempt'] + 1}")
        )
    if item["last"] is not None:
        rows.append(("Last sync", f"{item['last']['phase']}: {item['last']['message']}"))
    if item["hold"] is not None:
        rows.append(
            ("Kept at", f"entry {item['hold']['id']} of the history {item['hold']['reason']}".rstrip())
        )
    rows += [(one["type"], one["message"]) for one in item["conditions"]]
    lines = [f"{title + ':':14}{printable(str(text))}" for title, text in rows if text]
    if item["resources"]:
        cells = [[cell(one) for _, cell in RESOURCE_COLUMNS] for one in item["resources"]]
        lines += ["", table([title for title, _ in RESOURCE_COLUMNS], cells)]
    return "\n".join(lines)
